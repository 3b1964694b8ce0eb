package io.rootstock.inference.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.checkpoint.GgufValidator;
import io.rootstock.inference.v1.GenerateRequest;
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
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class FirstLoadIT {
    @TempDir
    Path home;

    @TempDir
    Path scratch;

    @Test
    void aFileThatEndsLlamaCppIsRefusedAndTheVersionBeforeServesOn() throws IOException {
        try (ServingFixture serving = new ServingFixture(home, scratch)) {
            serving.serve("m", TinyModel.reciting("abcd"));
            // Experts that are used, of none: llama.cpp asserts that nobody says so.
            Path file = TinyModel.reciting("abcd")
                    .saying("llama.expert_used_count", 2)
                    .write(scratch.resolve("fatal.gguf"));
            GgufValidator.validate(file);
            Version fatal = outside(serving, "models/m/versions/2", file);
            serving.registry.promote(fatal);

            ServedModel served = serving.service.await(
                    "models/m", model -> model.getState() == ServedState.SERVED_STATE_LOAD_FAILED);
            assertThat(served.getVersion()).isEqualTo("models/m/versions/1");
            assertThat(served.getPendingVersion()).isEqualTo("models/m/versions/2");
            assertThat(served.getError()).contains("the first load of", "exit code 134", "GGML_ASSERT");
            assertThat(text(serving, "m")).isEqualTo("bcd");
            Path outcome = outcome(fatal);
            assertThat(served.getError()).contains("remove " + outcome + " to have it tried again");
            assertThat(Files.readString(outcome)).contains("GGML_ASSERT");

            // Another model with the same file: it is known by now, and no process is started for it.
            String before = Files.readString(outcome);
            serving.registry.promote(outside(serving, "models/other/versions/1", file));
            ServedModel other = serving.service.await(
                    "models/other", model -> model.getState() == ServedState.SERVED_STATE_LOAD_FAILED);
            assertThat(other.getError()).contains(before);
        }
    }

    @Test
    void aGoodFileFromOutsideIsLoadedOnceInAProcessOfItsOwnAndServed() throws IOException {
        Version version;
        try (ServingFixture serving = new ServingFixture(home, scratch)) {
            Path file = TinyModel.reciting("abcd").write(scratch.resolve("good.gguf"));
            version = outside(serving, "models/m/versions/1", file);
            serving.registry.promote(version);
            serving.service.await("models/m", model -> model.getState() == ServedState.SERVED_STATE_READY);
            assertThat(text(serving, "m")).isEqualTo("bcd");
        }
        assertThat(outcome(version)).isEmptyFile();
        assertThat(entries()).containsExactly(outcome(version));
    }

    @Test
    void aFirstLoadBeyondItsMemoryIsRefusedAndNotRemembered() throws IOException {
        try (ServingFixture serving = new ServingFixture(home, scratch, "rootstock.inference.first-load-memory=1M")) {
            Path file = TinyModel.reciting("abcd").write(scratch.resolve("good.gguf"));
            serving.registry.promote(outside(serving, "models/m/versions/1", file));
            ServedModel served = serving.service.await(
                    "models/m", model -> model.getState() == ServedState.SERVED_STATE_LOAD_FAILED);
            assertThat(served.getError())
                    .contains("too much memory: more than 1048576 bytes", "rootstock.inference.first-load-memory");
        }
        assertThat(entries()).isEmpty();
    }

    private Path outcome(Version version) {
        String hex = version.getArtifacts(0).getDigest().substring("sha256:".length());
        return home.resolve("inference").resolve("first-loads").resolve(hex);
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> entries = Files.list(home.resolve("inference").resolve("first-loads"))) {
            return entries.toList();
        }
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

    /** A version as somebody registers it by hand: no job made it. */
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
