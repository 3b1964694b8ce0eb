package io.rootstock.trainer.engine;

import io.rootstock.llama.GgmlType;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * A frozen matrix as it stands in a GGUF file, in blocks of one of ggml's types. Every row is a whole number of blocks, so
 * that rows are dequantized one by one. Read-only; any number of threads may read it.
 *
 * @param type type of its blocks
 * @param blocks all rows, native memory, usually a mapped file
 * @param rows out
 * @param columns in
 * @param permutedHeads heads among which the file permutes the rows for llama.cpp's rotary embedding; 0: not permuted
 */
public record QuantizedTensor(GgmlType type, MemorySegment blocks, long rows, long columns, int permutedHeads) {
    /** Checks type, shape and size. */
    public QuantizedTensor {
        if (!type.dequantizes()) {
            throw new IllegalArgumentException("ggml cannot dequantize " + type.name());
        }
        if (blocks.byteSize() != Math.multiplyExact(rows, type.bytes(columns))) {
            throw new IllegalArgumentException("a matrix [" + rows + "," + columns + "] of " + type.name() + " has "
                    + Math.multiplyExact(rows, type.bytes(columns)) + " bytes, was given " + blocks.byteSize());
        }
        if (permutedHeads < 0 || (permutedHeads > 0 && rows % (2L * permutedHeads) != 0)) {
            throw new IllegalArgumentException(permutedHeads + " heads cannot permute " + rows + " rows");
        }
    }

    /** Dequantizes rows from (inclusive) to (exclusive), in the order of the model, to float32 [to-from,in]. */
    public void dequantize(long from, long to, MemorySegment target) {
        Objects.checkFromToIndex(from, to, rows);
        long rowBytes = type.bytes(columns);
        if (permutedHeads == 0) {
            type.toFloat(blocks.asSlice(from * rowBytes, (to - from) * rowBytes), target, (to - from) * columns);
            return;
        }
        long targetBytes = columns * Float.BYTES;
        for (long row = from; row < to; row++) {
            MemorySegment source = blocks.asSlice(rowInFile(row) * rowBytes, rowBytes);
            type.toFloat(source, target.asSlice((row - from) * targetBytes, targetBytes), columns);
        }
    }

    /** The file interleaves the two halves of each head: [heads,2,d/2,in] is stored as [heads,d/2,2,in]. */
    private long rowInFile(long row) {
        long headDimension = rows / permutedHeads;
        long half = headDimension / 2;
        long within = row % headDimension;
        return row - within + (within < half ? 2 * within : 2 * (within - half) + 1);
    }
}
