package io.rootstock.trainer.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.llama.HostileGguf;
import io.rootstock.llama.Quantization;
import io.rootstock.sandbox.SandboxMode;
import io.rootstock.trainer.data.GgufBases;
import io.rootstock.trainer.export.Variant;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ImportModelResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Imports of hostile and valid files by confined processes. */
@Timeout(600)
class SandboxedImportTest {
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
    void everyHostileFileIsRefusedWithAReasonAndAValidFileIsImportedAfterwards() throws IOException {
        List<HostileGguf> files = HostileGguf.all(Files.readAllBytes(valid));
        assertThat(files).hasSizeGreaterThan(60);
        SoftAssertions softly = new SoftAssertions();
        for (HostileGguf hostile : files) {
            Throwable refusal = catchThrowable(() -> imported(SandboxMode.AVAILABLE, "hostile.gguf", hostile.file()));
            softly.assertThat(refusal)
                    .as(hostile.name())
                    .isInstanceOf(RefusedImportException.class)
                    .hasMessageContaining(hostile.reason())
                    // Refused by a check, not by the end of the process.
                    .hasMessageNotContaining("exit code")
                    .hasMessageNotContaining(home.toString());
        }
        softly.assertAll();
        assertThat(home.resolve("imports")).isEmptyDirectory();
        try (Stream<Path> stored = Files.walk(home.resolve("artifacts"))) {
            assertThat(stored.filter(Files::isRegularFile)).isEmpty();
        }
        assertThat(imported(SandboxMode.AVAILABLE, "valid.gguf", ByteBuffer.wrap(Files.readAllBytes(valid)))
                        .getArtifactsCount())
                .isEqualTo(6);
    }

    @Test
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
        ModelImports imports = new ModelImports(
                home.resolve("imports"),
                new DirectoryArtifactStore(home.resolve("artifacts")),
                1,
                EnumSet.allOf(Variant.class),
                sandbox);
        try (ModelImport model = imports.begin()) {
            model.file(name);
            model.write(bytes.duplicate());
            return model.finish(stage -> assertThat(stage).isNotBlank(), () -> true)
                    .orElseThrow();
        }
    }
}
