package io.rootstock.encoding.bpe;

import java.util.Arrays;

/**
 * Applies merges to one sequence of tokens: repeatedly the merge of lowest rank, the leftmost first, until none applies.
 *
 * <p>Short sequences keep the rank of each neighbouring pair in an array and search it; longer ones use a heap, in O(n
 * log n). Keeps its arrays between calls: one thread at a time.
 */
final class WordMerger {
    private static final int SHORT = 48;
    private static final int ID_BITS = 20;
    private static final int RANK_SHIFT = 2 * ID_BITS;
    private static final int ID_MASK = (1 << ID_BITS) - 1;
    private static final long NO_RANK = Long.MAX_VALUE >>> RANK_SHIFT;

    private final PairTable pairs;
    private final LongHeap queue = new LongHeap();

    /**
     * Tokens of a short sequence: the rank and the number of the merge with the next token, and the id of the token, 20
     * bits each.
     */
    private final long[] pairsAndIds = new long[SHORT];

    private int[] previous = new int[0];
    private int[] next = new int[0];
    private int[] unused = new int[0];

    WordMerger(PairTable pairs) {
        this.pairs = pairs;
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

    private int mergeShort(int[] ids, int initialLength) {
        int length = initialLength;
        if (length == 0) {
            return 0;
        }
        long[] sequence = pairsAndIds;
        for (int i = 0; i + 1 < length; i++) {
            sequence[i] = packed(ids[i], ids[i + 1]);
        }
        sequence[length - 1] = NO_RANK << RANK_SHIFT | ids[length - 1];
        while (true) {
            long best = NO_RANK;
            int at = -1;
            for (int i = 0; i + 1 < length; i++) {
                long rank = sequence[i] >>> RANK_SHIFT;
                if (rank < best) {
                    best = rank;
                    at = i;
                }
            }
            if (at < 0) {
                break;
            }
            int result = pairs.result((int) (sequence[at] >>> ID_BITS) & ID_MASK);
            length--;
            for (int i = at + 1; i < length; i++) {
                sequence[i] = sequence[i + 1];
            }
            sequence[at] =
                    at + 1 < length ? packed(result, (int) sequence[at + 1] & ID_MASK) : NO_RANK << RANK_SHIFT | result;
            if (at > 0) {
                sequence[at - 1] = packed((int) sequence[at - 1] & ID_MASK, result);
            }
        }
        for (int i = 0; i < length; i++) {
            ids[i] = (int) sequence[i] & ID_MASK;
        }
        return length;
    }

    private long packed(int left, int right) {
        int merge = pairs.find(left, right);
        return merge == PairTable.NONE
                ? NO_RANK << RANK_SHIFT | left
                : (long) pairs.rank(merge) << RANK_SHIFT | (long) merge << ID_BITS | left;
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
