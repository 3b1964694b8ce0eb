package io.rootstock.encoding.bpe;

import java.util.Arrays;
import java.util.List;

/**
 * Merges by pair of tokens: an open-addressed hash table from a pair of ids to the merge's rank. One 64-bit word has
 * both ids (20 bits each) and the rank (24 bits), so that a lookup reads one word in most cases. Immutable after
 * construction.
 */
final class PairTable {
    /** Rank of a pair without a merge. */
    static final int NONE = Integer.MAX_VALUE;

    /** Number of ids that a pair can have. */
    static final int MAXIMUM_IDS = (1 << 20) - 1;

    /** Number of ranks. */
    static final int MAXIMUM_RANKS = 1 << 24;

    private static final int RANK_BITS = 24;
    private static final long EMPTY = -1;

    private final long[] entries;
    private final int[] results;
    private final int shift;

    /**
     * @param merges merges in rank order
     * @param byResult whether the rank of a merge is the id of its result, as in tiktoken, so that all merges into one
     *     token have one rank; otherwise it is the position in the list
     */
    PairTable(List<Merge> merges, boolean byResult) {
        if (merges.size() >= MAXIMUM_RANKS) {
            throw new IllegalArgumentException(
                    "the vocabulary has " + merges.size() + " merges; the limit is " + (MAXIMUM_RANKS - 1));
        }
        int bits = 64 - Long.numberOfLeadingZeros(Math.max(8, merges.size() * 2L));
        shift = 64 - bits;
        entries = new long[1 << bits];
        Arrays.fill(entries, EMPTY);
        results = byResult ? null : new int[merges.size()];
        for (int index = 0; index < merges.size(); index++) {
            Merge merge = merges.get(index);
            if (Math.max(Math.max(merge.left(), merge.right()), merge.result()) >= MAXIMUM_IDS) {
                throw new IllegalArgumentException("the merge " + merge + " has an id of at least " + MAXIMUM_IDS);
            }
            if (results != null) {
                results[index] = merge.result();
            }
            long pair = packed(merge.left(), merge.right());
            int slot = home(pair);
            while (entries[slot] != EMPTY && entries[slot] >>> RANK_BITS != pair) {
                slot = slot + 1 & entries.length - 1;
            }
            if (entries[slot] == EMPTY) {
                entries[slot] = pair << RANK_BITS | (byResult ? merge.result() : index);
            }
        }
    }

    static long pair(int left, int right) {
        return (long) left << 32 | right;
    }

    /** Returns the rank of the merge of two tokens, lower is earlier; {@link #NONE} if they do not merge. */
    int rank(int left, int right) {
        long pair = packed(left, right);
        int slot = home(pair);
        while (true) {
            long entry = entries[slot];
            if (entry >>> RANK_BITS == pair) {
                return (int) entry & MAXIMUM_RANKS - 1;
            }
            if (entry == EMPTY) {
                return NONE;
            }
            slot = slot + 1 & entries.length - 1;
        }
    }

    /** Returns the result of the merges of that rank. */
    int result(int rank) {
        return results == null ? rank : results[rank];
    }

    private static long packed(int left, int right) {
        return (long) left << 20 | right;
    }

    private int home(long pair) {
        // Fibonacci hashing: the high bits of the product are well mixed.
        return (int) ((pair * 0x9E3779B97F4A7C15L) >>> shift);
    }
}
