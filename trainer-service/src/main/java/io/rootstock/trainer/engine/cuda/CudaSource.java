package io.rootstock.trainer.engine.cuda;

import io.rootstock.torch.DType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** CUDA C source of all kernels: one resource per kind, compiled as one program. */
final class CudaSource {
    private static final List<String> FILES =
            List.of("common", "rows", "norm", "swiglu", "rotary", "cross_entropy", "optimizer");

    /** Names of all kernels. */
    static final List<String> KERNELS = List.of(
            "gather_rows",
            "scatter_rows",
            "add_rows_by_token",
            "clear",
            "to_compute",
            "to_master",
            "add",
            "sum_rows",
            "add_chunks",
            "norm_forward",
            "norm_backward",
            "norm_gain",
            "head_norm_forward",
            "head_norm_backward",
            "head_norm_gain",
            "swiglu_forward",
            "swiglu_backward",
            "rotate_master",
            "rotate_compute",
            "rotate_back_master",
            "rotate_back_compute",
            "cross_entropy",
            "cross_entropy_backward",
            "add_losses",
            "squares",
            "sum_partials",
            "decide",
            "adamw");

    private CudaSource() {}

    /** Source text of the program. */
    static String text() {
        StringBuilder all = new StringBuilder();
        for (String file : FILES) {
            String resource = file + ".cu";
            try (InputStream in = CudaSource.class.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new IllegalStateException("the resource " + resource + " is missing from this installation");
                }
                // compiler messages then name the file and its line
                all.append("#line 1 \"").append(file).append(".cu\"\n");
                all.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return all.toString();
    }

    /** Compiler options for a compute type; without options it is float32. */
    static List<String> options(DType computeType) {
        return switch (computeType) {
            case FLOAT32 -> List.of();
            case BFLOAT16 -> List.of("-DCOMPUTE_BFLOAT16");
            case FLOAT64, FLOAT16, INT64, INT32, UINT8, BOOL ->
                throw new IllegalArgumentException(
                        "the compute type on a GPU must be float32 or bfloat16, was " + computeType);
        };
    }
}
