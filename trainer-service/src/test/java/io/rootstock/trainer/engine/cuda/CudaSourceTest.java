package io.rootstock.trainer.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.cuda.CudaMissingException;
import io.rootstock.cuda.Nvrtc;
import io.rootstock.torch.DType;
import io.rootstock.torch.Torch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Compiles the kernels with NVIDIA's compilers, without a GPU. */
class CudaSourceTest {
    static Stream<Arguments> targets() {
        return Stream.of(DType.FLOAT32, DType.BFLOAT16)
                .flatMap(computeType -> Stream.of("sm_80", "sm_90").map(target -> Arguments.of(computeType, target)));
    }

    @ParameterizedTest
    @MethodSource("targets")
    void nvccCompilesWithoutWarnings(DType computeType, String architecture, @TempDir Path folder) throws Exception {
        Path source = Files.writeString(folder.resolve("kernels.cu"), CudaSource.text());
        Path code = folder.resolve("kernels.cubin");
        List<String> command = new ArrayList<>(
                List.of("nvcc", "--cubin", "--gpu-architecture=" + architecture, "--Werror=all-warnings"));
        command.addAll(CudaSource.options(computeType));
        command.addAll(List.of("-o", code.toString(), source.toString()));
        Process compiler;
        try {
            compiler = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            Assumptions.abort("nvcc is not installed");
            return;
        }
        String output = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(compiler.waitFor()).as(output).isZero();
        assertThat(Files.readString(code, StandardCharsets.ISO_8859_1)).contains(CudaSource.KERNELS);
    }

    @ParameterizedTest
    @MethodSource("targets")
    void nvrtcCompiles(DType computeType, String architecture) {
        Torch.start();
        Nvrtc compiler;
        try {
            compiler = Nvrtc.open(Torch.directory());
        } catch (CudaMissingException e) {
            Assumptions.abort(e.getMessage());
            return;
        }
        String[] options = CudaSource.options(computeType).toArray(String[]::new);
        byte[] code = compiler.compile("kernels.cu", CudaSource.text(), architecture, options);
        assertThat(new String(code, StandardCharsets.ISO_8859_1)).contains(CudaSource.KERNELS);
    }

    @Test
    void kernelNamesAreUnique() {
        assertThat(Pattern.compile("__global__ void (\\w+)\\(")
                        .matcher(CudaSource.text())
                        .results()
                        .map(kernel -> kernel.group(1)))
                .filteredOn(name -> !name.startsWith("rotate_")) // defined by a macro
                .containsExactlyElementsOf(CudaSource.KERNELS.stream()
                        .filter(name -> !name.startsWith("rotate_"))
                        .toList());
    }

    @Test
    void productsOfOtherTypesAreRefused() {
        assertThatThrownBy(() -> CudaSource.options(DType.FLOAT64))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("float32 or bfloat16")
                .hasMessageContaining("FLOAT64");
    }
}
