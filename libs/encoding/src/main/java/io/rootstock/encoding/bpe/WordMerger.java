package io.rootstock.encoding.bpe;

import java.util.Arrays;

/**
 * Applies merges to one sequence of tokens: repeatedly the merge of lowest rank, the leftmost first, until none applies.
 *
 * <p>Short sequences keep the rank of each neighbouring pair in an array and search it; longer ones use a heap, in O(n
 * log n). Keeps its arrays between calls: one thread at a time.
 */
final class WordMerger {
    /** Number of tokens of a sequence that is searched. */
    private static final int SHORT = 64;

    private static final int INDEX_BITS = 6;
    private static final int INDEX_MASK = SHORT - 1;
    private static final int NO_MERGE = Integer.MAX_VALUE;

    /** Number of keys that are compared at once. */
    private static final int KEYS = 8;

    private final PairTable pairs;
    private final LongHeap queue = new LongHeap();

    /**
     * By position in a short sequence, the rank of the merge with the next token and, in the lowest bits, the position,
     * so that the lowest key is the next merge; {@link #NO_MERGE} at positions that are merged to the left.
     */
    private final int[] keys = new int[SHORT];

    /** By position in a short sequence, the number of the merge with the next token. */
    private final int[] merges = new int[SHORT];

    private int[] previous = new int[0];
    private int[] next = new int[0];
    private int[] unused = new int[0];

    WordMerger(PairTable pairs) {
        this.pairs = pairs;
        reserve(SHORT);
    }

    /**
     * Merges {@code ids[0, length)} in place.
     *
     * @return new length
     */
    int merge(int[] ids, int length) {
        if (length <= SHORT) {
            return mergeShort(ids, length);
        }
        if (unused.length < length) {
            unused = new int[length];
        }
        return merge(ids, unused, length);
    }

    /**
     * Merges {@code ids[0, length)} in place.
     *
     * @param starts position of each token in the text, in ascending order; afterwards, of the merged tokens
     * @return new length
     */
    int merge(int[] ids, int[] starts, int length) {
        return mergeLong(ids, starts, length);
    }

    private int mergeShort(int[] ids, int length) {
        if (length < 2) {
            return length;
        }
        for (int i = 0; i < length; i++) {
            previous[i] = i - 1;
            next[i] = i + 1;
        }
        for (int i = 0; i + 1 < length; i++) {
            setKey(ids, i, i + 1, length);
        }
        int end = length + KEYS - 1 & -KEYS;
        Arrays.fill(keys, length - 1, end, NO_MERGE);
        for (int lowest = lowestKey(end); lowest != NO_MERGE; lowest = lowestKey(end)) {
            int left = lowest & INDEX_MASK;
            int right = next[left];
            ids[left] = pairs.result(merges[left]);
            keys[right] = NO_MERGE;
            next[left] = next[right];
            if (next[left] < length) {
                previous[next[left]] = left;
            }
            setKey(ids, left, next[left], length);
            if (previous[left] >= 0) {
                setKey(ids, previous[left], left, length);
            }
        }
        int kept = 0;
        for (int i = 0; i < length; i = next[i]) {
            ids[kept++] = ids[i];
        }
        return kept;
    }

    /** Returns the lowest of the first keys: minima have no branches, which the processor could not predict. */
    private int lowestKey(int end) {
        int lowest = NO_MERGE;
        for (int i = 0; i < end; i += KEYS) {
            int first = Math.min(Math.min(keys[i], keys[i + 1]), Math.min(keys[i + 2], keys[i + 3]));
            int second = Math.min(Math.min(keys[i + 4], keys[i + 5]), Math.min(keys[i + 6], keys[i + 7]));
            lowest = Math.min(lowest, Math.min(first, second));
        }
        return lowest;
    }

    private void setKey(int[] ids, int left, int right, int length) {
        int merge = right < length ? pairs.find(ids[left], ids[right]) : PairTable.NONE;
        merges[left] = merge;
        keys[left] = merge == PairTable.NONE ? NO_MERGE : pairs.rank(merge) << INDEX_BITS | left;
    }

    private int mergeLong(int[] ids, int[] starts, int length) {
        reserve(length);
        queue.clear();
        for (int i = 0; i < length; i++) {
            previous[i] = i - 1;
            next[i] = i + 1;
            offer(ids, i, i + 1, length);
        }
        while (!queue.isEmpty()) {
            // Rank in the high half, position in the low half: the order of the heap is the order of merging.
            long entry = queue.poll();
            int rank = (int) (entry >>> 32);
            int left = (int) entry;
            int right = next[left];
            int merge = ids[left] < 0 || right >= length ? PairTable.NONE : pairs.find(ids[left], ids[right]);
            if (merge == PairTable.NONE || pairs.rank(merge) != rank) {
                continue;
            }
            ids[left] = pairs.result(merge);
            ids[right] = -1;
            next[left] = next[right];
            if (next[left] < length) {
                previous[next[left]] = left;
            }
            offer(ids, left, next[left], length);
            if (previous[left] >= 0) {
                offer(ids, previous[left], left, length);
            }
        }
        int kept = 0;
        for (int i = 0; i < length; i = next[i]) {
            ids[kept] = ids[i];
            starts[kept++] = starts[i];
        }
        return kept;
    }

    private void offer(int[] ids, int left, int right, int length) {
        if (right < length) {
            int merge = pairs.find(ids[left], ids[right]);
            if (merge != PairTable.NONE) {
                queue.add((long) pairs.rank(merge) << 32 | left);
            }
        }
    }

    private void reserve(int length) {
        if (previous.length < length) {
            previous = Arrays.copyOf(previous, Math.max(length, 2 * previous.length));
            next = Arrays.copyOf(next, previous.length);
        }
    }
}
