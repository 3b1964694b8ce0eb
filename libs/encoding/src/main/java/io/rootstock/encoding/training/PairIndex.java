package io.rootstock.encoding.training;

import java.util.Arrays;

/**
 * Index of all pairs of neighbouring tokens: the count of a pair (64 bit), and the positions that may have it.
 *
 * <p>The list of positions may contain some that have since lost the pair; it is always complete.
 */
final class PairIndex {
    private static final long EMPTY = -1;

    private long[] pairs = new long[1 << 12];
    private long[] counts = new long[1 << 12];
    private int[][] positions = new int[1 << 12][];
    private int[] sizes = new int[1 << 12];
    private int size;

    PairIndex() {
        Arrays.fill(pairs, EMPTY);
    }

    /** Returns the pair of two ids. */
    static long pair(int left, int right) {
        return (long) left << 32 | right;
    }

    long count(long pair) {
        int slot = slot(pair);
        return pairs[slot] == EMPTY ? 0 : counts[slot];
    }

    void increase(long pair, long by, int position) {
        int slot = slot(pair);
        if (pairs[slot] == EMPTY) {
            if (size * 2 >= pairs.length) {
                grow();
                slot = slot(pair);
            }
            pairs[slot] = pair;
            size++;
        }
        counts[slot] += by;
        int[] list = positions[slot];
        int count = sizes[slot];
        if (list == null) {
            list = new int[2];
        } else if (count == list.length) {
            list = Arrays.copyOf(list, count + (count >> 1) + 1);
        }
        list[count] = position;
        positions[slot] = list;
        sizes[slot] = count + 1;
    }

    void decrease(long pair, long by) {
        counts[slot(pair)] -= by;
    }

    /** Removes a pair that is merged everywhere; returns the positions that may have it, in ascending order. */
    int[] remove(long pair) {
        int slot = slot(pair);
        int[] result = positions[slot] == null ? new int[0] : Arrays.copyOf(positions[slot], sizes[slot]);
        // Fast for positions that are in order, which most are.
        Arrays.sort(result);
        counts[slot] = 0;
        positions[slot] = null;
        sizes[slot] = 0;
        return result;
    }

    /** Returns all pairs that ever occurred. */
    long[] pairs() {
        return Arrays.stream(pairs).filter(pair -> pair != EMPTY).toArray();
    }

    private int slot(long pair) {
        int slot = (int) ((pair * 0x9E3779B97F4A7C15L) >>> 32) & (pairs.length - 1);
        while (pairs[slot] != EMPTY && pairs[slot] != pair) {
            slot = slot + 1 & pairs.length - 1;
        }
        return slot;
    }

    private void grow() {
        long[] oldPairs = pairs;
        long[] oldCounts = counts;
        int[][] oldPositions = positions;
        int[] oldSizes = sizes;
        int capacity = oldPairs.length * 2;
        pairs = new long[capacity];
        counts = new long[capacity];
        positions = new int[capacity][];
        sizes = new int[capacity];
        Arrays.fill(pairs, EMPTY);
        for (int old = 0; old < oldPairs.length; old++) {
            if (oldPairs[old] != EMPTY) {
                int slot = slot(oldPairs[old]);
                pairs[slot] = oldPairs[old];
                counts[slot] = oldCounts[old];
                positions[slot] = oldPositions[old];
                sizes[slot] = oldSizes[old];
            }
        }
    }
}
