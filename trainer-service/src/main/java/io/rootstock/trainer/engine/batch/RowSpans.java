package io.rootstock.trainer.engine.batch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Row boundaries in a shard's flat token array, like PyTorch's {@code cu_seqlens}: row r covers the tokens starts[r] to
 * starts[r+1]-1.
 *
 * @param starts ascending, from 0 to the number of tokens [B+1]
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one step, never compared
public record RowSpans(int[] starts) {
    /**
     * Rows up to this length are padded to multiples of 8, longer rows to multiples of 16. libtorch caches a primitive for
     * each matrix shape: hundreds of different row lengths took 400 MB. Multiples of 16 would pad short rows too much (17
     * tokens to 32).
     */
    private static final int SHORT_LENGTH = 64;

    /**
     * Consecutive rows whose attention is computed together, padded to one length.
     *
     * @param start index of the first token
     * @param lengths tokens of each row
     * @param length tokens of a row with its padding, L
     */
    @SuppressWarnings("ArrayRecordComponent") // lives for one step, never compared
    public record Block(int start, int[] lengths, int length) {
        /** Number of rows, B. */
        public int rows() {
            return lengths.length;
        }

        /** Number of tokens, without padding. */
        public int tokens() {
            return IntStream.of(lengths).sum();
        }
    }

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

    /** Padded length of a row, in tokens. */
    public static int paddedLength(int length) {
        int step = length <= SHORT_LENGTH ? 8 : 16;
        return Math.ceilDiv(Math.max(1, length), step) * step;
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

    /**
     * Rows grouped into blocks, in order. Rows of one length need no padding; otherwise the longest row of a block is
     * rounded up, so that there are few shapes. Leading empty rows are left out.
     *
     * @param maxPadding maximum share of padding in a block; 0 for blocks of equal length without padding
     */
    public List<Block> blocks(double maxPadding) {
        List<Block> blocks = new ArrayList<>();
        int first = 0;
        while (first < rows()) {
            int longest = length(first);
            if (longest == 0) {
                first++;
                continue;
            }
            boolean equal = true;
            int end = first + 1;
            while (end < rows()) {
                boolean stillEqual = equal && length(end) == length(first);
                int longer = Math.max(longest, length(end));
                if (!stillEqual && !fits(first, end + 1, longer, maxPadding)) {
                    break;
                }
                equal = stillEqual;
                longest = longer;
                end++;
            }
            int[] lengths = IntStream.range(first, end).map(this::length).toArray();
            boolean exact = maxPadding == 0 || (equal && lengths.length == rows());
            blocks.add(new Block(starts[first], lengths, exact ? longest : paddedLength(longest)));
            first = end;
        }
        return blocks;
    }

    /** Whether rows of different lengths, padded to the longest, have at most this share of padding. */
    private boolean fits(int from, int to, int longest, double maxPadding) {
        int padded = (to - from) * paddedLength(longest);
        return maxPadding > 0 && padded - (starts[to] - starts[from]) <= maxPadding * padded;
    }
}
