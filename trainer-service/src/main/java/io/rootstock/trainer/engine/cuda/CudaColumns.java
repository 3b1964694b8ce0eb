package io.rootstock.trainer.engine.cuda;

import io.rootstock.cuda.Geometry;
import io.rootstock.torch.DType;
import io.rootstock.torch.Tensor;

/**
 * Division of column sums over many rows into chunks: each chunk of rows is summed separately, then the chunks in order, so
 * that the sum is deterministic and parallel.
 *
 * @param count number of rows
 * @param width number of columns
 */
record CudaColumns(int count, int width) {
    private static final int MIN_CHUNK_ROWS = 128;
    private static final int MAX_CHUNKS = 1024;

    /** Rows of a chunk. */
    int chunk() {
        return Math.max(MIN_CHUNK_ROWS, (count + MAX_CHUNKS - 1) / MAX_CHUNKS);
    }

    /** Number of chunks. */
    int chunks() {
        return Math.max(1, (count + chunk() - 1) / chunk());
    }

    /** Geometry of the kernel that sums within chunks. */
    Geometry geometry() {
        return Geometry.columns(width, chunks());
    }

    /** Output of that kernel [chunks,width], float32. */
    Tensor partial() {
        return Tensor.empty(DType.FLOAT32, chunks(), width);
    }

    /** Adds the sum of the chunks to a gradient [width]. */
    void add(CudaCalls cuda, Tensor partial, Tensor gradient) {
        cuda.run("add_chunks", Geometry.columns(width, 1), partial, gradient, chunks(), width);
    }
}
