package io.rootstock.trainer.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.llama.HostileGguf;
import io.rootstock.llama.Quantization;
import io.rootstock.sandbox.SandboxMode;
import io.rootstock.trainer.data.GgufBases;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.GgufFile;
import io.rootstock.trainer.v1.ImportModelResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Imports of hostile and valid files by confined processes. A process for each file takes a second or two, so that every
 * twentieth file is imported by default and every third with the faults; {@code bench/faults/hostile-files} imports all.
 */
@Timeout(600)
class SandboxedImportTest {
    /** Files that are imported at once. */
    private static final int AT_ONCE = 3;

    private static final int STEP = Boolean.getBoolean("rootstock.all-hostile-files") ? 1 : 3;

    @TempDir
    Path home;

    private Path valid;

    @BeforeEach
    void writeValidFile() throws IOException {
        valid = GgufBases.write(
                new DirectoryArtifactStore(home.resolve("other")),
                home.resolve("valid.gguf"),
                Optional.of(Quantization.Q8_0),
                true);
    }

    @Test
    void hostileFilesAreRefusedWithAReasonAndAValidFileIsImportedAfterwards() throws IOException {
        refusesHostileFiles(20);
    }

    @Test
    @Tag("fault")
    void everyHostileFileIsRefusedWithAReasonAndAValidFileIsImportedAfterwards() throws IOException {
        refusesHostileFiles(STEP);
    }

    /** Imports each file whose number is a multiple of the step. */
    private void refusesHostileFiles(int step) throws IOException {
        List<HostileGguf> all = HostileGguf.all(Files.readAllBytes(valid));
        assertThat(all).hasSizeGreaterThan(60);
        List<HostileGguf> files = IntStream.range(0, all.size())
                .filter(index -> index % step == 0)
                .mapToObj(all::get)
                .toList();
        SoftAssertions softly = new SoftAssertions();
        List<Throwable> refusals = refusals(files);
        for (int i = 0; i < files.size(); i++) {
            HostileGguf hostile = files.get(i);
            softly.assertThat(refusals.get(i))
                    .as(hostile.name())
                    .isInstanceOf(RefusedImportException.class)
                    .hasMessageContaining(hostile.reason())
                    // Refused by a check, not by the end of the process.
                    .hasMessageNotContaining("exit code")
                    .hasMessageNotContaining(home.toString());
        }
        softly.assertAll();
        for (String folder : List.of("imports", "artifacts")) {
            try (Stream<Path> stored = Files.walk(home.resolve(folder))) {
                assertThat(stored.filter(Files::isRegularFile)).isEmpty();
            }
        }
        assertThat(imported(SandboxMode.AVAILABLE, "valid.gguf", ByteBuffer.wrap(Files.readAllBytes(valid)))
                        .getArtifactsCount())
                .isEqualTo(6);
        System.out.printf("files=%d refused=%d%n", files.size(), refusals.size());
    }

    /** Imports each file in a folder of its own, some at once. */
    private List<Throwable> refusals(List<HostileGguf> files) {
        List<Future<Throwable>> refusals = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            for (HostileGguf hostile : files) {
                Path folder = home.resolve("imports").resolve(Integer.toString(refusals.size()));
                refusals.add(threads.submit(() ->
                        catchThrowable(() -> imported(folder, SandboxMode.AVAILABLE, "hostile.gguf", hostile.file()))));
            }
        }
        return refusals.stream().map(Future::resultNow).toList();
    }

    @Test
    @Tag("matrix")
    void aConfinedImportGivesTheDigestsOfAnUnconfinedOne() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(valid));
        ImportModelResponse confined = imported(SandboxMode.AVAILABLE, "model.gguf", bytes);
        ImportModelResponse unconfined = imported(SandboxMode.OFF, "model.gguf", bytes);
        assertThat(digests(confined)).hasSize(6).isEqualTo(digests(unconfined));
        assertThat(confined).isEqualTo(unconfined);
    }

    private static Map<String, String> digests(ImportModelResponse imported) {
        return imported.getArtifactsList().stream()
                .collect(Collectors.toMap(artifact -> artifact.getKind().name(), Artifact::getDigest));
    }

    private ImportModelResponse imported(SandboxMode sandbox, String name, ByteBuffer bytes) throws IOException {
        return imported(home.resolve("imports"), sandbox, name, bytes);
    }

    private ImportModelResponse imported(Path folder, SandboxMode sandbox, String name, ByteBuffer bytes)
            throws IOException {
        ModelImports imports = new ModelImports(
                folder, new DirectoryArtifactStore(home.resolve("artifacts")), 1, GgufFile.MADE, sandbox);
        try (ModelImport model = imports.begin()) {
            model.file(name);
            model.write(bytes.duplicate());
            return model.finish(stage -> assertThat(stage).isNotBlank(), () -> true)
                    .orElseThrow();
        }
    }
}
