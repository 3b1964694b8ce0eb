package io.rootstock.inference.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.artifacts.Digest;
import io.rootstock.inference.config.InferenceSettings;
import io.rootstock.inference.model.LoadException;
import io.rootstock.inference.model.ModelKind;
import io.rootstock.inference.model.ServedVersion;
import io.rootstock.llama.Llama;
import io.rootstock.llama.TinyModel;
import io.rootstock.sandbox.SandboxMode;
import io.rootstock.service.Pruning;
import io.rootstock.storage.v1.PrunedGroup;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** First loads of files that crash llama.cpp, in separate processes and without the validation in Java. */
@Timeout(120)
class FirstLoadsTest {
    private static final long MEBIBYTE = 1 << 20;

    @TempDir
    Path scratch;

    private Path folder;

    @BeforeEach
    void folder() throws IOException {
        folder = Files.createDirectory(scratch.resolve("first-loads"));
    }

    private FirstLoads firstLoads(Map<String, String> settings) {
        InferenceSettings read = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(InferenceSettings.class)
                .withDefaultValues(settings)
                .build()
                .getConfigMapping(InferenceSettings.class);
        return new FirstLoads(folder, Llama.shared().directory(), read, SandboxMode.AVAILABLE);
    }

    private static ServedVersion outside(Path file) throws IOException {
        return new ServedVersion(
                "models/m/versions/2", ModelKind.BASE, digest(file).value(), null, null, false, 0);
    }

    private static Digest digest(Path file) throws IOException {
        return Digest.of(Files.readAllBytes(file));
    }

    private List<Path> outcomes() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void directoriesOfInterruptedFirstLoadsArePruned() throws IOException {
        FirstLoads loads = firstLoads(Map.of());
        Path old = Files.createDirectory(folder.resolve("running-old"));
        Files.writeString(old.resolve("log"), "1234");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(7200)));
        Path young = Files.createDirectory(folder.resolve("running-young"));
        Path outcome = Files.writeString(folder.resolve("0".repeat(64)), "");
        Instant limit = Instant.now().minusSeconds(3600);
        assertThat(loads.prune(new Pruning(false, limit)).getBytes()).isEqualTo(4);
        assertThat(old).exists();
        PrunedGroup pruned = loads.prune(new Pruning(true, limit));
        assertThat(pruned.getNamesList()).containsExactly("running-old");
        assertThat(pruned.getKeptItems()).isEqualTo(1);
        assertThat(old).doesNotExist();
        assertThat(young).exists();
        assertThat(outcome).exists();
    }

    @Test
    void aFileThatCrashesLlamaCppIsRejectedWithItsOutputAndNotLoadedAgain() throws IOException {
        // Used experts without experts: llama.cpp's GGML_ASSERT aborts the process.
        Path file = TinyModel.random(1).saying("llama.expert_used_count", 2).write(scratch.resolve("fatal.gguf"));
        ServedVersion version = outside(file);
        Path outcome = folder.resolve(digest(file).hex());

        assertThatThrownBy(() -> firstLoads(Map.of()).require(version, file, 512 * MEBIBYTE, () -> true))
                .isInstanceOf(LoadException.class)
                .hasMessageStartingWith("models/m/versions/2 cannot be served: the first load of " + version.gguf()
                        + " failed: its process ended with exit code 134")
                .hasMessageContaining("GGML_ASSERT")
                .hasMessageEndingWith("; hint: remove " + outcome + " to retry");
        assertThat(outcomes()).containsExactly(outcome);
        assertThat(Files.readString(outcome)).contains("GGML_ASSERT");

        // With the file deleted, only the stored outcome can contain GGML_ASSERT.
        Files.delete(file);
        assertThatThrownBy(() -> firstLoads(Map.of()).require(version, file, 512 * MEBIBYTE, () -> true))
                .hasMessageContaining("GGML_ASSERT");
        Files.delete(outcome);
        assertThatThrownBy(() -> firstLoads(Map.of()).require(version, file, 512 * MEBIBYTE, () -> true))
                .hasMessageContaining("exit code 1 ")
                .hasMessageNotContaining("GGML_ASSERT");
    }

    @Test
    void aValidFileHasAnEmptyOutcomeAndAJobsFileNeedsNoFirstLoad() throws IOException {
        Path file = TinyModel.random(1).write(scratch.resolve("good.gguf"));
        firstLoads(Map.of()).require(outside(file), file, 512 * MEBIBYTE, () -> true);
        assertThat(folder.resolve(digest(file).hex())).isEmptyFile();

        ServedVersion own = new ServedVersion(
                "models/m/versions/1", ModelKind.BASE, digest(file).value(), null, null, true, 0);
        assertThatCode(() -> firstLoads(Map.of()).require(own, Path.of("nowhere"), 1, () -> true))
                .doesNotThrowAnyException();
    }

    @Test
    void exceededLimitsAndStoppedFirstLoadsAreNotStored() throws IOException {
        Path file = TinyModel.random(1).write(scratch.resolve("good.gguf"));
        ServedVersion version = outside(file);

        assertThatThrownBy(() -> firstLoads(Map.of("rootstock.inference.first-load-time", "PT0.001S"))
                        .require(version, file, 512 * MEBIBYTE, () -> true))
                .hasMessageContaining("its process took too long: rootstock.inference.first-load-time is PT0.001S");
        assertThatThrownBy(() -> firstLoads(Map.of("rootstock.inference.first-load-memory", "1M"))
                        .require(version, file, 512 * MEBIBYTE, () -> true))
                .hasMessageContaining("too much memory: more than 1048576 bytes");
        assertThatThrownBy(() -> firstLoads(Map.of()).require(version, file, 512 * MEBIBYTE, () -> false))
                .hasMessageContaining("its process was stopped");
        assertThat(outcomes()).isEmpty();
    }

    @Test
    void anAdapterIsLoadedWithItsModel() throws IOException {
        TinyModel tiny = TinyModel.random(1);
        Path model = tiny.write(scratch.resolve("model.gguf"));
        Path adapter = tiny.writeAdapter(scratch.resolve("adapter.gguf"), 1, null);
        Path wider = TinyModel.random(1, 256).writeAdapter(scratch.resolve("wider.gguf"), 1, null);
        FirstLoads firstLoads = firstLoads(Map.of());

        firstLoads.requireAdapter(digest(model), model, digest(adapter), adapter, () -> true);
        assertThat(folder.resolve(digest(model).hex() + "-" + digest(adapter).hex()))
                .isEmptyFile();
        assertThatThrownBy(() -> firstLoads.requireAdapter(digest(model), model, digest(wider), wider, () -> true))
                .isInstanceOf(LoadException.class)
                .hasMessage("the first load of " + digest(wider) + " beside " + digest(model)
                        + " failed: tensor blk.0.ffn_down.weight.lora_a has shape [4, 256] and must have [4, 128]");
    }
}
