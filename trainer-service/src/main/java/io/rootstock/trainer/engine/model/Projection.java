package io.rootstock.trainer.engine.model;

import io.rootstock.torch.Tensor;
import java.util.List;

/**
 * A linear projection, or its gradient: one matrix, or several that are multiplied as one, with bias and adapters.
 *
 * @param weight [out,in]; null in a gradient if the matrix is frozen
 * @param bias [out]; null without a bias, and in a gradient if it is frozen
 * @param adapter low-rank adapters; null without them
 */
record Projection(Matrix weight, Tensor bias, Adapter adapter) {
    /**
     * Adapters of a projection's matrices.
     *
     * @param a the stacked matrices A of all adapted blocks [T*r,in]
     * @param blocks the T adapted blocks of output columns
     * @param scale factor of B A, a scalar tensor
     */
    record Adapter(Tensor a, List<Block> blocks, Tensor scale) {
        int rank() {
            return (int) a.sizes()[0] / blocks.size();
        }
    }

    /**
     * Adapter of one matrix.
     *
     * @param from first output column of the matrix in the projection
     * @param width output columns of the matrix
     * @param b matrix B [width,r]
     */
    record Block(int from, int width, Tensor b) {}

    /** Whether the projection has a weight, bias or adapter. */
    boolean any() {
        return weight != null || bias != null || adapter != null;
    }

    void close() {
        if (weight != null) {
            weight.close();
        }
        if (bias != null) {
            bias.close();
        }
        if (adapter != null) {
            adapter.a().close();
            adapter.scale().close();
            adapter.blocks().forEach(block -> block.b().close());
        }
    }
}
