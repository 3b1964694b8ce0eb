package io.rootstock.trainer.engine;

import io.rootstock.torch.Tensor;
import java.util.List;

/**
 * A weight that rows are multiplied with, or its gradient: one or several of the model's matrices stacked, and the
 * adapters beside them.
 *
 * @param weight [out,in]; null where a gradient is not wanted
 * @param bias added to every row of the product [out]; null where there is none, or its gradient is not wanted
 * @param adapter what is added to the product; null for nothing
 */
record Projection(Matrix weight, Tensor bias, Adapter adapter) {
    /**
     * Low-rank additions to blocks of the product's columns.
     *
     * @param a all matrices A stacked [blocks*r,in]
     * @param blocks for each the rows of the weight it stands beside
     * @param scale of B A, 0-dimensional
     */
    record Adapter(Tensor a, List<Block> blocks, Tensor scale) {
        int rank() {
            return (int) a.sizes()[0] / blocks.size();
        }
    }

    /**
     * One matrix's adapter.
     *
     * @param from first row of the weight, which is the first column of the product
     * @param width rows of the matrix
     * @param b [width,r]
     */
    record Block(int from, int width, Tensor b) {}

    /** Whether any of it is there. */
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
