package io.rootstock.trainer.engine;

import io.rootstock.torch.Tensor;

/** Matrix products of the model. Weights are [out,in] and multiply rows from the right, as everywhere in PyTorch. */
final class Products {
    private final Kernels kernels;
    private final boolean sameType;

    Products(Kernels kernels, boolean sameType) {
        this.kernels = kernels;
        this.sameType = sameType;
    }

    /** [N,in] -> [N,out]. */
    Tensor linear(Tensor input, Tensor weight) {
        return Operators.LINEAR.call(input, weight, null);
    }

    /** residual + linear(input), wide; one pass where the product can add to what is there. */
    Tensor linearPlus(Tensor residual, Tensor input, Tensor weight) {
        if (sameType) {
            return Operators.LINEAR.call(input, weight, residual);
        }
        try (Tensor product = linear(input, weight)) {
            return kernels.add(residual, product);
        }
    }

    /** Gradient of linear's input [N,in] from that of its output [N,out]. */
    Tensor inputGradient(Tensor gradient, Tensor weight) {
        return Operators.MATRIX_PRODUCT.call(gradient, weight);
    }

    /** Adds the gradient of linear's weight [out,in]. */
    void weightGradient(Tensor weightGradient, Tensor gradient, Tensor input) {
        try (Tensor transposed = transposed(gradient)) {
            if (sameType) {
                weightGradient.addMatrixProduct(transposed, input, 1);
            } else {
                try (Tensor product = Operators.MATRIX_PRODUCT.call(transposed, input)) {
                    kernels.accumulate(weightGradient, product);
                }
            }
        }
    }

    private static Tensor transposed(Tensor matrix) {
        long[] sizes = matrix.sizes();
        return matrix.strided(0, new long[] {sizes[1], sizes[0]}, new long[] {1, sizes[1]});
    }
}
