package io.rootstock.inference.service;

import static io.rootstock.inference.service.ServingFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.artifacts.Digest;
import io.rootstock.checkpoint.gguf.GgufValidator;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.LoadAdapterRequest;
import io.rootstock.inference.v1.ServedModel;
import io.rootstock.inference.v1.ServedState;
import io.rootstock.llama.TinyModel;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class FirstLoadIT {
    private static final AtomicInteger TESTS = new AtomicInteger();

    @TempDir
    static Path home;

    @TempDir
    static Path scratch;

    private static ServingFixture serving;
    /** A service whose first loads may take 1 MiB of memory. */
    private static ServingFixture narrow;

    /** Makes the files of this test differ from those of the others: the outcome of a first load is stored by digest. */
    private final int test = TESTS.incrementAndGet();

    private List<Path> before;

    @BeforeAll
    static void start() throws IOException {
        serving = ServingFixture.shared(scratch);
        narrow = new ServingFixture(home, scratch, "rootstock.inference.first-load-memory=1M");
    }

    @AfterAll
    static void stop() {
        serving.close();
        narrow.close();
    }

    @BeforeEach
    void list() throws IOException {
        before = entries(serving);
    }

    @AfterEach
    void clear() {
        serving.clear();
        narrow.clear();
    }

    /** Continues "a" with "bcd". */
    private TinyModel reciting() {
        return TinyModel.reciting("abcd").saying("rootstock.test", test);
    }

    @Test
    void aFileWhoseFirstLoadFailsIsRejectedAndThePreviousVersionServes() throws IOException {
        serving.serve("m", reciting());
        // A number instead of a boolean: the only known error that passes the validation in Java and fails in
        // llama.cpp.
        Path file = reciting().saying("tokenizer.ggml.add_space_prefix", 2).write(scratch.resolve("bad.gguf"));
        GgufValidator.validate(file);
        Version bad = outside(serving, "models/m/versions/2", file);
        serving.registry.promote(bad);

        ServedModel served =
                serving.service.await("models/m", model -> model.getState() == ServedState.SERVED_STATE_LOAD_FAILED);
        assertThat(served.getVersion()).isEqualTo("models/m/versions/1");
        assertThat(served.getPendingVersion()).isEqualTo("models/m/versions/2");
        assertThat(served.getError()).contains("the first load of", "exit code 1 ", "cannot load");
        assertThat(text(serving, "m")).isEqualTo("bcd");
        Path outcome = outcome(serving, bad);
        assertThat(served.getError()).contains("remove " + outcome + " to retry");
        assertThat(Files.readString(outcome)).contains("cannot load");

        // Another model with the same file: the stored outcome applies, and no process is started.
        String stored = Files.readString(outcome);
        serving.registry.promote(outside(serving, "models/other/versions/1", file));
        ServedModel other = serving.service.await(
                "models/other", model -> model.getState() == ServedState.SERVED_STATE_LOAD_FAILED);
        assertThat(other.getError()).contains(stored);
    }

    @Test
    void aVersionWithNanWeightsIsRejectedAndThePreviousVersionServes() {
        serving.serve("m", reciting());
        TinyModel damaged = reciting();
        Arrays.fill(damaged.tensors.get("output.weight"), Float.NaN);
        serving.registry.promote(serving.version("m", 2, VersionKind.VERSION_KIND_BASE, damaged));

        ServedModel served =
                serving.service.await("models/m", model -> model.getState() == ServedState.SERVED_STATE_LOAD_FAILED);
        assertThat(served.getError()).contains("models/m/versions/2 cannot be decoded", "its weights give NaN");
        assertThat(text(serving, "m")).isEqualTo("bcd");
    }

    @Test
    void aValidExternalFileIsFirstLoadedInASeparateProcessAndServed() throws IOException {
        Path file = reciting().write(scratch.resolve("good.gguf"));
        Version version = outside(serving, "models/m/versions/1", file);
        serving.registry.promote(version);
        serving.service.await("models/m", model -> model.getState() == ServedState.SERVED_STATE_READY);
        assertThat(text(serving, "m")).isEqualTo("bcd");
        assertThat(outcome(serving, version)).isEmptyFile();
        assertThat(added()).containsExactly(outcome(serving, version));
    }

    @Test
    void aFirstLoadBeyondItsMemoryLimitIsRejectedAndNotStored() throws IOException {
        Path file = reciting().write(scratch.resolve("good.gguf"));
        narrow.registry.promote(outside(narrow, "models/m/versions/1", file));
        ServedModel served =
                narrow.service.await("models/m", model -> model.getState() == ServedState.SERVED_STATE_LOAD_FAILED);
        assertThat(served.getError())
                .contains("too much memory: more than 1048576 bytes", "rootstock.inference.first-load-memory");
        assertThat(entries(narrow)).isEmpty();
    }

    @Test
    void anAdapterIsFirstLoadedInASeparateProcess() throws IOException {
        Version version = serving.serve("m", TinyModel.random(3).saying("rootstock.test", test));
        Digest adapter = adapter(serving);
        load(serving, adapter);
        Path known = folder(serving).resolve(digest(version) + "-" + adapter.hex());
        assertThat(added()).containsExactly(known);
        assertThat(known).isEmptyFile();

        // The stored outcome of a first load is used instead of a second load.
        Files.writeString(known, "it ended badly");
        assertThat(refusal(() -> load(serving, adapter))).isEqualTo("FAILED_PRECONDITION ADAPTER_INVALID");
        assertThatThrownBy(() -> load(serving, adapter))
                .hasMessageContaining("the first load of " + adapter)
                .hasMessageContaining("failed: it ended badly; hint: remove " + known);
    }

    @Test
    void anAdapterWhoseFirstLoadFailsIsRejectedAndTheModelServes() throws IOException {
        narrow.serve("m", reciting());
        Digest adapter = adapter(narrow);
        assertThat(refusal(() -> load(narrow, adapter))).isEqualTo("FAILED_PRECONDITION ADAPTER_INVALID");
        assertThatThrownBy(() -> load(narrow, adapter)).hasMessageContaining("too much memory: more than 1048576");
        assertThat(text(narrow, "m")).isEqualTo("bcd");
        assertThat(entries(narrow)).isEmpty();
    }

    private static Digest adapter(ServingFixture serving) throws IOException {
        return serving.store.putFile(TinyAdapter.write(scratch.resolve("tone.gguf"), TinyModel.random(3), 2.0));
    }

    private static void load(ServingFixture serving, Digest adapter) {
        serving.control()
                .loadAdapter(LoadAdapterRequest.newBuilder()
                        .setModel("m")
                        .setName("tone")
                        .setDigest(adapter.value())
                        .build());
    }

    private static String digest(Version version) {
        return version.getArtifacts(0).getDigest().substring("sha256:".length());
    }

    private static Path folder(ServingFixture serving) {
        return serving.home().resolve("inference").resolve("first-loads");
    }

    private static Path outcome(ServingFixture serving, Version version) {
        return folder(serving).resolve(digest(version));
    }

    /** The stored outcomes. */
    private static List<Path> entries(ServingFixture serving) throws IOException {
        if (Files.notExists(folder(serving))) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder(serving))) {
            return entries.toList();
        }
    }

    /** The outcomes of this test in the shared service. */
    private List<Path> added() throws IOException {
        return entries(serving).stream()
                .filter(entry -> !before.contains(entry))
                .toList();
    }

    private static String text(ServingFixture serving, String model) {
        return serving.service
                .calls()
                .generate(GenerateRequest.newBuilder()
                        .setModel(model)
                        .setPrompt("a")
                        .setOptions(ServingFixture.options(10))
                        .build())
                .getCompletions(0)
                .getText();
    }

    /** Returns an external version: one without a job. */
    private static Version outside(ServingFixture serving, String name, Path file) {
        return Version.newBuilder()
                .setName(name)
                .setKind(VersionKind.VERSION_KIND_BASE)
                .addArtifacts(Artifact.newBuilder()
                        .setKind(ArtifactKind.ARTIFACT_KIND_GGUF_F32)
                        .setDigest(serving.store.putFile(file).value()))
                .build();
    }
}
