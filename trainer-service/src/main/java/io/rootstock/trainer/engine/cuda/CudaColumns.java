package io.rootstock.trainer.engine;

import io.rootstock.cuda.Geometry;
import io.rootstock.torch.DType;
import io.rootstock.torch.Tensor;

/**
 * How sums over many rows are divided: each chunk of rows is summed by itself, then the chunks in their order, so that a
 * sum neither depends on timing nor takes one thread through all rows.
 *
 * @param count rows
 * @param width columns
 */
record CudaColumns(int count, int width) {
    private static final int LEAST_ROWS = 128;
    private static final int MOST_CHUNKS = 1024;

    /** Rows of a chunk. */
    int chunk() {
        return Math.max(LEAST_ROWS, (count + MOST_CHUNKS - 1) / MOST_CHUNKS);
    }

    /** Number of chunks. */
    int chunks() {
        return Math.max(1, (count + chunk() - 1) / chunk());
    }

    /** For the kernel that sums within chunks. */
    Geometry geometry() {
        return Geometry.columns(width, chunks());
    }

    /** Where that kernel writes [chunks,width]. */
    Tensor partial() {
        return Tensor.empty(DType.FLOAT32, chunks(), width);
    }

    /** Adds the chunks' sums to a gradient [width]. */
    void add(CudaCalls cuda, Tensor partial, Tensor gradient) {
        cuda.run("add_chunks", Geometry.columns(width, 1), partial, gradient, chunks(), width);
    }
}
