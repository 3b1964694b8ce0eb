package io.rootstock.encoding.bpe;

import java.util.PriorityQueue;

/**
 * Applies merges to one word: repeatedly the merge of lowest rank, the leftmost first, until none applies.
 *
 * <p>Short words keep the rank of each neighbouring pair in an array and search it; long words (for example a megabyte
 * without a blank) use a heap, so that no input takes quadratic time.
 */
final class WordMerger {
    private static final int SHORT = 128;

    private final PairTable pairs;

    WordMerger(PairTable pairs) {
        this.pairs = pairs;
    }

    /**
     * Merges {@code ids[0, length)} in place.
     *
     * @return new length
     */
    int merge(int[] ids, int length) {
        return length <= SHORT ? mergeShort(ids, length) : mergeLong(ids, length);
    }

    private int mergeShort(int[] ids, int initialLength) {
        int length = initialLength;
        int[] ranks = new int[length];
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
            System.arraycopy(ids, at + 2, ids, at + 1, length - at - 2);
            System.arraycopy(ranks, at + 2, ranks, at + 1, length - at - 2);
            length--;
            if (at > 0) {
                ranks[at - 1] = pairs.rank(ids[at - 1], ids[at]);
            }
            if (at + 1 < length) {
                ranks[at] = pairs.rank(ids[at], ids[at + 1]);
            }
        }
    }

    private int mergeLong(int[] ids, int length) {
        int[] previous = new int[length];
        int[] next = new int[length];
        // Rank in the high half, position in the low half: the order of the heap is the order of merging.
        PriorityQueue<Long> queue = new PriorityQueue<>();
        for (int i = 0; i < length; i++) {
            previous[i] = i - 1;
            next[i] = i + 1;
            offer(queue, ids, i, i + 1, length);
        }
        while (!queue.isEmpty()) {
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
            offer(queue, ids, left, next[left], length);
            if (previous[left] >= 0) {
                offer(queue, ids, previous[left], left, length);
            }
        }
        int kept = 0;
        for (int i = 0; i < length; i++) {
            if (ids[i] >= 0) {
                ids[kept++] = ids[i];
            }
        }
        return kept;
    }

    private void offer(PriorityQueue<Long> queue, int[] ids, int left, int right, int length) {
        if (right < length) {
            int rank = pairs.rank(ids[left], ids[right]);
            if (rank != PairTable.NONE) {
                queue.add((long) rank << 32 | left);
            }
        }
    }
}
