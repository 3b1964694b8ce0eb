package io.rootstock.encoding.bpe;

import java.util.Arrays;
import java.util.List;

/**
 * Merges by pair of tokens: an open-addressed hash table from a pair of ids to rank and result. Immutable after
 * construction.
 */
final class PairTable {
    /** Rank of a pair without a merge. */
    static final int NONE = Integer.MAX_VALUE;

    private static final long EMPTY = -1;

    private final long[] pairs;
    private final int[] ranks;
    private final int[] results;
    private final int shift;

    PairTable(List<Merge> merges) {
        int bits = 64 - Long.numberOfLeadingZeros(Math.max(8, merges.size() * 2L));
        shift = 64 - bits;
        pairs = new long[1 << bits];
        ranks = new int[1 << bits];
        results = new int[merges.size()];
        Arrays.fill(pairs, EMPTY);
        for (int rank = 0; rank < merges.size(); rank++) {
            Merge merge = merges.get(rank);
            results[rank] = merge.result();
            int slot = slot(pair(merge.left(), merge.right()));
            if (pairs[slot] == EMPTY) {
                pairs[slot] = pair(merge.left(), merge.right());
                ranks[slot] = rank;
            }
        }
    }

    static long pair(int left, int right) {
        return (long) left << 32 | right;
    }

    /** Returns the rank of the merge of two tokens, lower is earlier; {@link #NONE} if they do not merge. */
    int rank(int left, int right) {
        int slot = slot(pair(left, right));
        return pairs[slot] == EMPTY ? NONE : ranks[slot];
    }

    /** Returns the result of the merge of that rank. */
    int result(int rank) {
        return results[rank];
    }

    private int slot(long pair) {
        // Fibonacci hashing: the high bits of the product are well mixed.
        int slot = (int) ((pair * 0x9E3779B97F4A7C15L) >>> shift);
        while (pairs[slot] != EMPTY && pairs[slot] != pair) {
            slot = slot + 1 & pairs.length - 1;
        }
        return slot;
    }
}
