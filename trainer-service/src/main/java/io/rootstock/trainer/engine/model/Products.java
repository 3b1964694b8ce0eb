package io.rootstock.trainer.engine.model;

import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;

/**
 * Matrix products of the model and their gradients. Weights are [out,in], as in PyTorch's {@code linear}. r is the rank of
 * the adapters and T the number of adapted matrices of a projection.
 */
final class Products {
    private final Kernels kernels;
    private final DType masterType;
    private final boolean sameType;

    Products(Kernels kernels, DType masterType, DType computeType) {
        this.kernels = kernels;
        this.masterType = masterType;
        this.sameType = masterType == computeType;
    }

    /** Embedding rows of the tokens [N,D], master type. */
    Tensor embed(Matrix embedding, int[] tokens) {
        return switch (embedding) {
            case Matrix.Dense(Tensor values) -> kernels.embed(values, tokens);
            case Matrix.Quantized quantized -> converted(quantized.rows(tokens), masterType);
        };
    }

    /** input W^T: [N,in] to [N,out]. */
    Tensor linear(Tensor input, Matrix weight) {
        return switch (weight) {
            case Matrix.Dense(Tensor values) -> {
                try (Tensor transposed = transposed(values)) {
                    yield product(input, transposed);
                }
            }
            case Matrix.Quantized quantized -> {
                Tensor output = Tensor.empty(input.dtype(), input.sizes()[0], quantized.rows());
                addTileProducts(output, 0, input, quantized);
                yield output;
            }
        };
    }

    /** output = beta * output + input W^T, tile by tile: a tile of rows of W gives as many columns of the output. */
    private static void addTileProducts(Tensor output, double beta, Tensor input, Matrix.Quantized weight) {
        weight.tiles(input.dtype(), (first, tile) -> {
            try (Tensor columns = columns(output, first, (int) tile.sizes()[0]);
                    Tensor transposed = transposed(tile)) {
                columns.addMatrixProduct(input, transposed, beta);
            }
        });
    }

    /** Linear projection with bias and adapters: [N,in] to [N,out]. */
    Tensor linear(Tensor input, Projection projection) {
        Tensor output = projection.bias() == null
                ? linear(input, projection.weight())
                : linearWithBias(input, projection.weight(), projection.bias());
        addAdapter(output, input, projection.adapter());
        return output;
    }

    private static Tensor linearWithBias(Tensor input, Matrix weight, Tensor bias) {
        return switch (weight) {
            case Matrix.Dense(Tensor values) -> Operators.LINEAR.call(input, values, bias);
            case Matrix.Quantized quantized -> {
                Tensor output = Tensor.empty(input.dtype(), input.sizes()[0], quantized.rows());
                Operators.COPY.run(output, bias); // broadcast to all rows
                addTileProducts(output, 1, input, quantized);
                yield output;
            }
        };
    }

    /** residual + linear(input), master type, for a projection without bias; one pass if both types are equal. */
    Tensor linearPlus(Tensor residual, Tensor input, Projection projection) {
        if (sameType) {
            Tensor output = plusProduct(residual, input, projection.weight());
            addAdapter(output, input, projection.adapter());
            return output;
        }
        try (Tensor product = linear(input, projection)) {
            return kernels.add(residual, product);
        }
    }

    private static Tensor plusProduct(Tensor residual, Tensor input, Matrix weight) {
        return switch (weight) {
            case Matrix.Dense(Tensor values) -> {
                try (Tensor transposed = transposed(values)) {
                    yield residual.plusMatrixProduct(input, transposed, 1, 1);
                }
            }
            case Matrix.Quantized quantized -> {
                Tensor output = Tensor.empty(residual.dtype(), residual.sizes());
                Operators.COPY.run(output, residual);
                addTileProducts(output, 1, input, quantized);
                yield output;
            }
        };
    }

    /**
     * Gradient of the projection's input [N,in] from that of its output [N,out]. Accumulates the gradients of weight, bias
     * and adapters, unless they are frozen.
     */
    Tensor backward(Projection projection, Projection gradients, Tensor gradient, Tensor input) {
        Tensor dReduced = reducedGradient(projection.adapter(), gradient);
        weightGradients(projection, gradients, gradient, dReduced, input);
        return inputGradient(projection, gradient, dReduced);
    }

    /** Gradient of the adapters' reduced input, scale * dOutput B, [N,T*r]; null without adapters. */
    Tensor reducedGradient(Projection.Adapter adapter, Tensor gradient) {
        if (adapter == null) {
            return null;
        }
        int rank = adapter.rank();
        Tensor dProduct =
                Tensor.empty(gradient.dtype(), gradient.sizes()[0], adapter.a().sizes()[0]);
        for (int index = 0; index < adapter.blocks().size(); index++) {
            Projection.Block block = adapter.blocks().get(index);
            Tensor dBlock = columns(gradient, block.from(), block.width()); // [N,width]
            columns(dProduct, index * rank, rank).addMatrixProduct(dBlock, block.b(), 0);
        }
        return Operators.MULTIPLY.call(dProduct, adapter.scale());
    }

    /** Gradient of the projection's input [N,in] from that of its output [N,out], adapters included. */
    Tensor inputGradient(Projection projection, Tensor gradient, Tensor dReduced) {
        Tensor dInput = inputGradient(gradient, projection.weight());
        if (projection.adapter() != null) {
            dInput.addMatrixProduct(dReduced, projection.adapter().a(), 1);
        }
        return dInput;
    }

    /** Accumulates the gradients of weight, bias and adapters, unless they are frozen. */
    void weightGradients(Projection projection, Projection gradients, Tensor gradient, Tensor dReduced, Tensor input) {
        weightGradient(Matrix.tensor(gradients.weight()), gradient, input);
        if (gradients.bias() != null) {
            kernels.accumulateRows(gradients.bias(), gradient);
        }
        if (projection.adapter() != null) {
            adapterGradients(projection.adapter(), gradients.adapter(), gradient, dReduced, input);
        }
    }

    /** gradient W: [N,out] to [N,in]. */
    Tensor inputGradient(Tensor gradient, Matrix weight) {
        return switch (weight) {
            case Matrix.Dense(Tensor values) -> product(gradient, values);
            case Matrix.Quantized quantized ->
                sameType ? tileSum(gradient, quantized) : masterTileSum(gradient, quantized);
        };
    }

    /** gradient W as a sum over the tiles of rows of W. */
    private static Tensor tileSum(Tensor gradient, Matrix.Quantized weight) {
        Tensor sum = Tensor.empty(gradient.dtype(), gradient.sizes()[0], weight.columns());
        weight.tiles(gradient.dtype(), (first, tile) -> {
            try (Tensor columns = columns(gradient, first, (int) tile.sizes()[0])) {
                sum.addMatrixProduct(columns, tile, first == 0 ? 0 : 1);
            }
        });
        return sum;
    }

    /** gradient W for a rounding compute type: the sum over the tiles has the master type and is rounded once. */
    private Tensor masterTileSum(Tensor gradient, Matrix.Quantized weight) {
        try (Tensor sum = Tensor.empty(masterType, gradient.sizes()[0], weight.columns())) {
            weight.tiles(gradient.dtype(), (first, tile) -> {
                try (Tensor columns = columns(gradient, first, (int) tile.sizes()[0]);
                        Tensor product = product(columns, tile)) {
                    if (first == 0) {
                        Operators.COPY.run(sum, product);
                    } else {
                        kernels.accumulate(sum, product);
                    }
                }
            });
            return converted(sum, gradient.dtype());
        }
    }

    private static Tensor converted(Tensor tensor, DType type) {
        if (tensor.dtype() == type) {
            return tensor;
        }
        Tensor converted = Tensor.empty(type, tensor.sizes());
        Operators.COPY.run(converted, tensor);
        return converted;
    }

    /** weightGradient += gradient^T input, [out,in]; does nothing if the weight is frozen (null). */
    void weightGradient(Tensor weightGradient, Tensor gradient, Tensor input) {
        if (weightGradient == null) {
            return;
        }
        try (Tensor transposed = transposed(gradient)) {
            if (sameType) {
                weightGradient.addMatrixProduct(transposed, input, 1);
            } else {
                try (Tensor product = product(transposed, input)) {
                    kernels.accumulate(weightGradient, product);
                }
            }
        }
    }

    private static void addAdapter(Tensor output, Tensor input, Projection.Adapter adapter) {
        if (adapter == null) {
            return;
        }
        try (Scope _ = Scope.open()) {
            Tensor reduced = reduced(input, adapter); // [N,T*r]
            int rank = adapter.rank();
            for (int index = 0; index < adapter.blocks().size(); index++) {
                Projection.Block block = adapter.blocks().get(index);
                columns(output, block.from(), block.width())
                        .addMatrixProduct(columns(reduced, index * rank, rank), transposed(block.b()), 1);
            }
        }
    }

    private void adapterGradients(
            Projection.Adapter adapter, Projection.Adapter gradients, Tensor gradient, Tensor dReduced, Tensor input) {
        try (Scope _ = Scope.open()) {
            int rank = adapter.rank();
            Tensor reduced = reduced(input, adapter); // [N,T*r]; recomputed, which is cheaper than keeping it
            for (int index = 0; index < adapter.blocks().size(); index++) {
                Projection.Block block = adapter.blocks().get(index);
                Tensor dBlock = columns(gradient, block.from(), block.width()); // [N,width]
                weightGradient(gradients.blocks().get(index).b(), dBlock, columns(reduced, index * rank, rank));
            }
            weightGradient(gradients.a(), dReduced, input);
        }
    }

    /** scale * input A^T [N,T*r]. */
    private static Tensor reduced(Tensor input, Projection.Adapter adapter) {
        return Operators.MULTIPLY.call(product(input, transposed(adapter.a())), adapter.scale());
    }

    /** Matrix product [a,b] x [b,c] = [a,c], in the thread's workspace. */
    private static Tensor product(Tensor left, Tensor right) {
        Tensor product = Tensor.empty(left.dtype(), left.sizes()[0], right.sizes()[1]);
        Operators.MATRIX_PRODUCT_INTO.run(left, right, product);
        return product;
    }

    private static Tensor columns(Tensor matrix, int from, int count) {
        long[] sizes = matrix.sizes();
        return matrix.strided(from, new long[] {sizes[0], count}, new long[] {sizes[1], 1});
    }

    private static Tensor transposed(Tensor matrix) {
        long[] sizes = matrix.sizes();
        long[] strides = matrix.strides();
        return matrix.strided(0, new long[] {sizes[1], sizes[0]}, new long[] {strides[1], strides[0]});
    }
}
