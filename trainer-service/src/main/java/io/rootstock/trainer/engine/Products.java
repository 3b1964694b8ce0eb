package io.rootstock.trainer.engine;

import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;

/**
 * Matrix products of the model. Weights are [out,in] and multiply rows from the right, as everywhere in PyTorch; r is the
 * rank of adapters, of which a weight has one for each of its T blocks that is adapted.
 */
final class Products {
    private final Kernels kernels;
    private final boolean sameType;

    Products(Kernels kernels, boolean sameType) {
        this.kernels = kernels;
        this.sameType = sameType;
    }

    /** [N,in] -> [N,out]. */
    Tensor linear(Tensor input, Tensor weight) {
        try (Tensor transposed = transposed(weight)) {
            return product(input, transposed);
        }
    }

    /** [N,in] -> [N,out], with what the adapters add. */
    Tensor linear(Tensor input, Projection projection) {
        Tensor output = projection.bias() == null
                ? linear(input, projection.weight())
                : Operators.LINEAR.call(input, projection.weight(), projection.bias());
        addAdapter(output, input, projection.adapter());
        return output;
    }

    /** residual + linear(input), wide, of projections without bias; one pass where the product can add to what is there. */
    Tensor linearPlus(Tensor residual, Tensor input, Projection projection) {
        if (sameType) {
            try (Tensor transposed = transposed(projection.weight())) {
                Tensor output = residual.plusMatrixProduct(input, transposed, 1, 1);
                addAdapter(output, input, projection.adapter());
                return output;
            }
        }
        try (Tensor product = linear(input, projection)) {
            return kernels.add(residual, product);
        }
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
        weightGradient(gradients.weight(), gradient, input);
        if (gradients.bias() != null) {
            kernels.accumulateRows(gradients.bias(), gradient);
        }
        if (projection.adapter() != null) {
            adapterGradients(projection.adapter(), gradients.adapter(), gradient, ofReduced, input);
        }
    }

    /** Gradient of linear's input [N,in] from that of its output [N,out]. */
    Tensor inputGradient(Tensor gradient, Tensor weight) {
        return product(gradient, weight);
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
