package io.rootstock.trainer.engine.batch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Row boundaries in a shard's flat token array, like PyTorch's {@code cu_seqlens}: row r covers the tokens starts[r] to
 * starts[r+1]-1.
 *
 * @param starts ascending, from 0 to the number of tokens [B+1]
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one step, never compared
public record RowSpans(int[] starts) {
    /**
     * Consecutive rows of equal length.
     *
     * @param start index of the first token
     * @param rows number of rows
     * @param length tokens per row
     */
    public record Block(int start, int rows, int length) {}

    static RowSpans of(int[] lengths) {
        int[] starts = new int[lengths.length + 1];
        for (int row = 0; row < lengths.length; row++) {
            starts[row + 1] = starts[row] + lengths[row];
        }
        return new RowSpans(starts);
    }

    /** Rows of equal length. */
    static RowSpans equal(int rows, int length) {
        int[] lengths = new int[rows];
        Arrays.fill(lengths, length);
        return of(lengths);
    }

    /** Number of rows, B. */
    public int rows() {
        return starts.length - 1;
    }

    /** Number of tokens, N. */
    public int tokens() {
        return starts[rows()];
    }

    /** Tokens of a row. */
    public int length(int row) {
        return starts[row + 1] - starts[row];
    }

    /** Row index of each position [M]; positions are ascending token indices. */
    int[] rowsOf(int[] positions) {
        int[] rows = new int[positions.length];
        int row = 0;
        for (int index = 0; index < positions.length; index++) {
            while (positions[index] >= starts[row + 1]) {
                row++;
            }
            rows[index] = row;
        }
        return rows;
    }

    /** Rows grouped into blocks of equal length, in order; empty rows are left out. */
    public List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        int row = 0;
        while (row < rows()) {
            int first = row;
            do {
                row++;
            } while (row < rows() && length(row) == length(first));
            if (length(first) > 0) {
                blocks.add(new Block(starts[first], row - first, length(first)));
            }
        }
        return blocks;
    }
}
