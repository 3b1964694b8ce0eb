package io.rootstock.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaFoldersTest {
    @TempDir
    Path packages;

    @Test
    void pipsFoldersBesideLibtorchComeBeforeTheToolkit() throws Exception {
        Path libtorch = Files.createDirectories(packages.resolve("torch/lib"));
        Path compiler = Files.createDirectories(packages.resolve("nvidia/cuda_nvrtc/lib"));
        List<Path> folders = CudaFolders.candidates(libtorch, Map.of("CUDA_HOME", "/opt/cuda"));
        assertThat(folders)
                .startsWith(libtorch, compiler, Path.of("/opt/cuda/lib64"))
                .contains(Path.of("/usr/local/cuda/lib64"));
    }

    @Test
    void theNewestVersionOfTheFirstFolderIsTaken() throws Exception {
        Path first = Files.createDirectories(packages.resolve("first"));
        Path second = Files.createDirectories(packages.resolve("second"));
        for (String file : List.of("libnvrtc.so.9", "libnvrtc.so.13", "libnvrtc-builtins.so.13.0", "libother.so.99")) {
            Files.createFile(first.resolve(file));
        }
        Files.createFile(second.resolve("libnvrtc.so.14"));
        assertThat(CudaFolders.find("libnvrtc", List.of(packages.resolve("absent"), first, second)))
                .hasValue(first.resolve("libnvrtc.so.13"));
        assertThat(CudaFolders.find("libnvrtc", List.of(packages.resolve("absent"))))
                .isEmpty();
    }

    @Test
    void aFileThatIsNoLibraryIsRefusedWithTheRemedy() throws Exception {
        Files.writeString(packages.resolve("libnvrtc.so.13"), "not a library");
        assertThatThrownBy(() -> Nvrtc.open(List.of(packages)))
                .isInstanceOf(CudaMissingException.class)
                .hasMessageContaining("libnvrtc.so.13")
                .hasMessageContaining("ROOTSTOCK_LIBTORCH")
                .hasMessageContaining("CUDA_HOME");
    }
}
