package io.rootstock.trainer.engine;

import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;

/**
 * Matrix products of the model. Weights are [out,in] and multiply rows from the right, as everywhere in PyTorch; r is the
 * rank of adapters, of which a weight has one for each of its T blocks that is adapted.
 */
final class Products {
    private final Kernels kernels;
    private final DType wide;
    private final boolean sameType;

    Products(Kernels kernels, DType wide, DType product) {
        this.kernels = kernels;
        this.wide = wide;
        this.sameType = wide == product;
    }

    /** The embedding's rows of these tokens [N,D], wide. */
    Tensor embed(Matrix embedding, int[] tokens) {
        return switch (embedding) {
            case Matrix.Dense(Tensor values) -> kernels.embed(values, tokens);
            case Matrix.Quantized quantized -> converted(quantized.rows(tokens), wide);
        };
    }

    /** [N,in] -> [N,out]. */
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

    /** output = beta * output + input W^T: each tile of rows of W makes as many columns. */
    private static void addTileProducts(Tensor output, double beta, Tensor input, Matrix.Quantized weight) {
        weight.tiles(input.dtype(), (first, tile) -> {
            try (Tensor part = columns(output, first, (int) tile.sizes()[0]);
                    Tensor transposed = transposed(tile)) {
                part.addMatrixProduct(input, transposed, beta);
            }
        });
    }

    /** [N,in] -> [N,out], with what the adapters add. */
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
                Operators.COPY.run(output, bias); // into every row
                addTileProducts(output, 1, input, quantized);
                yield output;
            }
        };
    }

    /** residual + linear(input), wide, of projections without bias; one pass where the product can add to what is there. */
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
     * Gradient of linear's input [N,in] from that of its output [N,out]; adds those of weight, bias and adapters, if
     * wanted.
     */
    Tensor backward(Projection projection, Projection gradients, Tensor gradient, Tensor input) {
        Tensor ofReduced = reducedGradient(projection.adapter(), gradient);
        weightGradients(projection, gradients, gradient, ofReduced, input);
        return inputGradient(projection, gradient, ofReduced);
    }

    /** Gradient of what the adapters' A make of the input [N,T*r]; null without adapters. */
    Tensor reducedGradient(Projection.Adapter adapter, Tensor gradient) {
        if (adapter == null) {
            return null;
        }
        int rank = adapter.rank();
        Tensor ofProduct =
                Tensor.empty(gradient.dtype(), gradient.sizes()[0], adapter.a().sizes()[0]);
        for (int index = 0; index < adapter.blocks().size(); index++) {
            Projection.Block block = adapter.blocks().get(index);
            Tensor ofBlock = columns(gradient, block.from(), block.width()); // [N,width]
            columns(ofProduct, index * rank, rank).addMatrixProduct(ofBlock, block.b(), 0);
        }
        return Operators.MULTIPLY.call(ofProduct, adapter.scale());
    }

    /** Gradient of linear's input [N,in] from that of its output [N,out], adapters included. */
    Tensor inputGradient(Projection projection, Tensor gradient, Tensor ofReduced) {
        Tensor ofInput = inputGradient(gradient, projection.weight());
        if (projection.adapter() != null) {
            ofInput.addMatrixProduct(ofReduced, projection.adapter().a(), 1);
        }
        return ofInput;
    }

    /** Adds the gradients of weight, bias and adapters, if wanted. */
    void weightGradients(Projection projection, Projection gradients, Tensor gradient, Tensor ofReduced, Tensor input) {
        weightGradient(Matrix.tensor(gradients.weight()), gradient, input);
        if (gradients.bias() != null) {
            kernels.accumulateRows(gradients.bias(), gradient);
        }
        if (projection.adapter() != null) {
            adapterGradients(projection.adapter(), gradients.adapter(), gradient, ofReduced, input);
        }
    }

    /** Gradient of linear's input [N,in] from that of its output [N,out]. */
    Tensor inputGradient(Tensor gradient, Matrix weight) {
        return switch (weight) {
            case Matrix.Dense(Tensor values) -> product(gradient, values);
            case Matrix.Quantized quantized ->
                sameType ? tileSum(gradient, quantized) : wideTileSum(gradient, quantized);
        };
    }

    /** gradient W: each tile of rows of W adds its columns' share. */
    private static Tensor tileSum(Tensor gradient, Matrix.Quantized weight) {
        Tensor sum = Tensor.empty(gradient.dtype(), gradient.sizes()[0], weight.columns());
        weight.tiles(gradient.dtype(), (first, tile) -> {
            try (Tensor part = columns(gradient, first, (int) tile.sizes()[0])) {
                sum.addMatrixProduct(part, tile, first == 0 ? 0 : 1);
            }
        });
        return sum;
    }

    /** The same, where products are rounded to another type: the sum over the tiles is wide and rounded once. */
    private Tensor wideTileSum(Tensor gradient, Matrix.Quantized weight) {
        try (Tensor sum = Tensor.empty(wide, gradient.sizes()[0], weight.columns())) {
            weight.tiles(gradient.dtype(), (first, tile) -> {
                try (Tensor part = columns(gradient, first, (int) tile.sizes()[0]);
                        Tensor product = product(part, tile)) {
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

    /** Adds the gradient of linear's weight [out,in], unless that is frozen (null). */
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
            Projection.Adapter adapter, Projection.Adapter gradients, Tensor gradient, Tensor ofReduced, Tensor input) {
        try (Scope _ = Scope.open()) {
            int rank = adapter.rank();
            Tensor reduced = reduced(input, adapter); // [N,T*r]; cheaper to make again than to keep
            for (int index = 0; index < adapter.blocks().size(); index++) {
                Projection.Block block = adapter.blocks().get(index);
                Tensor ofBlock = columns(gradient, block.from(), block.width()); // [N,width]
                weightGradient(gradients.blocks().get(index).b(), ofBlock, columns(reduced, index * rank, rank));
            }
            weightGradient(gradients.a(), ofReduced, input);
        }
    }

    /** scale * input A^T [N,T*r]. */
    private static Tensor reduced(Tensor input, Projection.Adapter adapter) {
        return Operators.MULTIPLY.call(product(input, transposed(adapter.a())), adapter.scale());
    }

    /** left right [a,c] of [a,b] and [b,c], in memory of the workspace. */
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
