package io.rootstock.trainer.engine;

import io.rootstock.torch.DType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The CUDA C of all kernels, which lies in one resource for each kind and is compiled as one program. */
final class CudaSource {
    private static final List<String> FILES =
            List.of("common", "rows", "norm", "swiglu", "rotary", "cross_entropy", "optimizer");

    /** Names of all kernels. */
    static final List<String> KERNELS = List.of(
            "gather_rows",
            "scatter_rows",
            "add_rows_by_token",
            "clear",
            "narrow",
            "widen",
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
            "rotate_wide",
            "rotate_product",
            "rotate_back_wide",
            "rotate_back_product",
            "cross_entropy",
            "cross_entropy_backward",
            "add_losses",
            "squares",
            "sum_partials",
            "decide",
            "adamw");

    private CudaSource() {}

    /** The program's text. */
    static String text() {
        StringBuilder all = new StringBuilder();
        for (String file : FILES) {
            String resource = "cuda/" + file + ".cu";
            try (InputStream in = CudaSource.class.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new IllegalStateException("the resource " + resource + " is missing from this installation");
                }
                // compilers name the file and its own lines
                all.append("#line 1 \"").append(file).append(".cu\"\n");
                all.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return all.toString();
    }

    /** Compiler options for products of this type; float32 is what the source is without any. */
    static List<String> options(DType product) {
        return switch (product) {
            case FLOAT32 -> List.of();
            case BFLOAT16 -> List.of("-DPRODUCT_BFLOAT16");
            case FLOAT64, FLOAT16, INT64, INT32, UINT8, BOOL ->
                throw new IllegalArgumentException("a GPU multiplies float32 or bfloat16 here, not " + product);
        };
    }
}
