package io.rootstock.trainer.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where the rows of a part lie among its tokens: one behind the other, row r from starts[r] to before starts[r+1].
 *
 * @param starts rising, from 0 to the number of tokens [B+1]
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one step, compared by nobody
record RowSpans(int[] starts) {
    /**
     * Neighbouring rows of one length.
     *
     * @param start index of their first token
     */
    record Block(int start, int rows, int length) {}

    static RowSpans of(int[] lengths) {
        int[] starts = new int[lengths.length + 1];
        for (int row = 0; row < lengths.length; row++) {
            starts[row + 1] = starts[row] + lengths[row];
        }
        return new RowSpans(starts);
    }

    static RowSpans equal(int rows, int length) {
        int[] lengths = new int[rows];
        Arrays.fill(lengths, length);
        return of(lengths);
    }

    /** Number of rows, B. */
    int rows() {
        return starts.length - 1;
    }

    /** Number of tokens, N. */
    int tokens() {
        return starts[rows()];
    }

    int length(int row) {
        return starts[row + 1] - starts[row];
    }

    /** The row of each of these rising positions. */
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

    /** All rows that have tokens, in their order. */
    List<Block> blocks() {
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
