package io.rootstock.trainer.engine.model;

import io.rootstock.llama.GgmlType;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * A frozen matrix [out,in] in the block format of a GGUF file. Every row is a whole number of blocks, so rows can be
 * dequantized one by one. Immutable and thread-safe.
 *
 * @param type ggml type of the blocks
 * @param blocks all rows in native memory, usually a mapped file
 * @param rows output features
 * @param columns input features
 * @param permutedHeads number of heads whose rows the file permutes for llama.cpp's interleaved rotary embedding; 0 if
 *     the rows are not permuted
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

    /** Dequantizes the rows from (inclusive) to (exclusive), in the model's row order, to float32 [to-from,in]. */
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

    /** Index of a row in the file, which interleaves the halves of each head: [heads,2,d/2,in] as [heads,d/2,2,in]. */
    private long rowInFile(long row) {
        long headDimension = rows / permutedHeads;
        long half = headDimension / 2;
        long within = row % headDimension;
        return row - within + (within < half ? 2 * within : 2 * (within - half) + 1);
    }
}
