package io.rootstock.tokenizer.split;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntUnaryOperator;

/** Orders of row numbers, by seed. */
final class RowOrder {
    private RowOrder() {}

    /** Shuffles a range as {@link java.util.Collections#shuffle} shuffles a list of these rows. */
    static void shuffle(int[] rows, int from, int to, Random random) {
        for (int size = to - from; size > 1; size--) {
            int other = from + random.nextInt(size);
            int last = from + size - 1;
            int row = rows[last];
            rows[last] = rows[other];
            rows[other] = row;
        }
    }

    /**
     * Groups positions 0 to count - 1.
     *
     * @param groups number of groups
     * @param groupOf group of a position
     * @return the first place of each group and the end; {@link Groups#positions} holds the positions by group, each group
     *     in order
     */
    static Groups group(int count, int groups, IntUnaryOperator groupOf) {
        int[] starts = new int[groups + 1];
        for (int i = 0; i < count; i++) {
            starts[groupOf.applyAsInt(i) + 1]++;
        }
        for (int group = 0; group < groups; group++) {
            starts[group + 1] += starts[group];
        }
        int[] next = Arrays.copyOf(starts, groups);
        int[] positions = new int[count];
        for (int i = 0; i < count; i++) {
            positions[next[groupOf.applyAsInt(i)]++] = i;
        }
        return new Groups(starts, positions);
    }

    /**
     * Positions by group.
     *
     * @param starts first place of each group, and the end [groups + 1]
     * @param positions positions, group by group
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Groups(int[] starts, int[] positions) {}

    /**
     * Keeps as many rows of each class as the smallest class has, drawn by seed.
     *
     * @param labelOf class of a row, 0 to classes - 1; classes without rows do not count
     */
    static int[] balanced(int[] rows, int classes, IntUnaryOperator labelOf, long seed) {
        Groups byLabel = group(rows.length, classes, i -> labelOf.applyAsInt(rows[i]));
        int[] starts = byLabel.starts();
        int smallest = rows.length;
        int present = 0;
        for (int label = 0; label < classes; label++) {
            int size = starts[label + 1] - starts[label];
            smallest = size > 0 ? Math.min(smallest, size) : smallest;
            present += size > 0 ? 1 : 0;
        }
        int[] grouped = byLabel.positions();
        for (int i = 0; i < grouped.length; i++) {
            grouped[i] = rows[grouped[i]];
        }
        Random random = new Random(seed);
        int[] drawn = new int[present * smallest];
        int next = 0;
        for (int label = 0; label < classes; label++) {
            if (starts[label + 1] > starts[label]) {
                shuffle(grouped, starts[label], starts[label + 1], random);
                System.arraycopy(grouped, starts[label], drawn, next, smallest);
                next += smallest;
            }
        }
        return drawn;
    }
}
