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

    private final PairTable pairs;
    private final LongHeap queue = new LongHeap();
    private final int[] ranks = new int[SHORT];
    private int[] previous = new int[0];
    private int[] next = new int[0];

    WordMerger(PairTable pairs) {
        this.pairs = pairs;
    }

    /**
     * Merges {@code ids[0, length)} in place.
     *
     * @param starts position of each token in the text, in ascending order; afterwards, of the merged tokens
     * @return new length
     */
    int merge(int[] ids, int[] starts, int length) {
        return length <= SHORT ? mergeShort(ids, starts, length) : mergeLong(ids, starts, length);
    }

    private int mergeShort(int[] ids, int[] starts, int initialLength) {
        int length = initialLength;
        for (int i = 0; i + 1 < length; i++) {
            ranks[i] = pairs.rank(ids[i], ids[i + 1]);
        }
        while (true) {
            int best = PairTable.NONE;
            int at = -1;
            for (int i = 0; i + 1 < length; i++) {
                if (ranks[i] < best) {
                    best = ranks[i];
                    at = i;
                }
            }
            if (at < 0) {
                return length;
            }
            ids[at] = pairs.result(best);
            int moved = length - at - 2;
            System.arraycopy(ids, at + 2, ids, at + 1, moved);
            System.arraycopy(starts, at + 2, starts, at + 1, moved);
            System.arraycopy(ranks, at + 2, ranks, at + 1, moved);
            length--;
            if (at > 0) {
                ranks[at - 1] = pairs.rank(ids[at - 1], ids[at]);
            }
            if (at + 1 < length) {
                ranks[at] = pairs.rank(ids[at], ids[at + 1]);
            }
        }
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
            if (ids[left] < 0 || right >= length || pairs.rank(ids[left], ids[right]) != rank) {
                continue;
            }
            ids[left] = pairs.result(rank);
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
            int rank = pairs.rank(ids[left], ids[right]);
            if (rank != PairTable.NONE) {
                queue.add((long) rank << 32 | left);
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
