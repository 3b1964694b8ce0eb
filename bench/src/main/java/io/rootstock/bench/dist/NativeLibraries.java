package io.rootstock.bench.dist;

import io.rootstock.llama.Llama;
import io.rootstock.torch.Operator;
import io.rootstock.torch.Tensor;
import io.rootstock.torch.Torch;
import java.util.Arrays;

/** Calls libtorch and llama.cpp: for a platform that is emulated. */
public final class NativeLibraries {
    private static final float[] MATRIX = {1, 2, 3, 4};
    private static final double[] SQUARE = {7, 10, 15, 22};

    private NativeLibraries() {}

    /** Prints a line for each library; fails if one cannot be loaded or computes something else. */
    public static void main(String[] arguments) {
        Operator product = Operator.of("aten::mm(Tensor self, Tensor mat2) -> Tensor");
        try (Tensor matrix = Tensor.of(MATRIX, 2, 2);
                Tensor square = product.call(matrix, matrix)) {
            if (!Arrays.equals(square.toDoubles(), SQUARE)) {
                throw new IllegalStateException("wrong product: " + Arrays.toString(square.toDoubles()));
            }
        }
        System.out.println("libtorch " + Torch.version());
        Llama llama = Llama.shared();
        System.out.println("llama.cpp " + llama.version() + ": " + llama.systemInformation());
    }
}
