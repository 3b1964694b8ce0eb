package io.rootstock.encoding.bpe;

import java.util.Arrays;
import java.util.List;

/**
 * Merges by pair of tokens: an open-addressed hash table from a pair of ids to the merge's rank. One 64-bit word has
 * both ids (20 bits each) and the rank (24 bits). Most pairs have no merge: a small bit set, which stays in the
 * processor's cache, answers for most of them; pairs of the lowest 256 ids, which are bytes in most vocabularies, have a
 * table of their own. Not safe for several threads while merges are added.
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
    private static final int BYTES = 256;

    /** Bits of the bit set per slot of the table, as a power of two. */
    private static final int FILTER_BITS = 3;

    private final long[] entries;
    private final long[] filter;
    private final int[] results;
    private final int[] bytePairs = new int[BYTES * BYTES];
    private final int shift;
    private int size;

    /**
     * Creates an empty table.
     *
     * @param maximum number of merges that can be added
     */
    PairTable(int maximum) {
        if (maximum >= MAXIMUM_RANKS) {
            throw new IllegalArgumentException(
                    "the vocabulary has " + maximum + " merges; the limit is " + (MAXIMUM_RANKS - 1));
        }
        int bits = 64 - Long.numberOfLeadingZeros(Math.max(64, maximum + (maximum >> 1)));
        shift = 64 - bits;
        entries = new long[1 << bits];
        filter = new long[Math.max(1, 1 << bits + FILTER_BITS - 6)];
        results = new int[maximum];
        Arrays.fill(entries, EMPTY);
        Arrays.fill(bytePairs, NONE);
    }

    /** Creates a table of merges in rank order; of equal pairs the first is found. */
    PairTable(List<Merge> merges) {
        this(merges.size());
        merges.forEach(merge -> add(merge.left(), merge.right(), merge.result()));
    }

    /** Adds a merge, whose rank is the number of merges before it. */
    void add(int left, int right, int result) {
        if (Math.max(Math.max(left, right), result) >= MAXIMUM_IDS) {
            throw new IllegalArgumentException("the merge of " + left + " and " + right + " into " + result
                    + " has an id of at least " + MAXIMUM_IDS);
        }
        int rank = size++;
        results[rank] = result;
        if (rank(left, right) != NONE) {
            return;
        }
        if ((left | right) < BYTES) {
            bytePairs[left * BYTES + right] = rank;
        }
        long pair = packed(left, right);
        long hash = hash(pair);
        int bit = (int) (hash >>> shift - FILTER_BITS);
        filter[bit >>> 6] |= 1L << bit;
        int slot = (int) (hash >>> shift);
        while (entries[slot] != EMPTY) {
            slot = slot + 1 & entries.length - 1;
        }
        entries[slot] = pair << RANK_BITS | rank;
    }

    static long pair(int left, int right) {
        return (long) left << 32 | right;
    }

    /** Returns the rank of the merge of two tokens, lower is earlier; {@link #NONE} if they do not merge. */
    int rank(int left, int right) {
        if ((left | right) < BYTES) {
            return bytePairs[left * BYTES + right];
        }
        long pair = packed(left, right);
        long hash = hash(pair);
        int bit = (int) (hash >>> shift - FILTER_BITS);
        if ((filter[bit >>> 6] & 1L << bit) == 0) {
            return NONE;
        }
        int slot = (int) (hash >>> shift);
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

    /** Returns the result of the merge of that rank. */
    int result(int rank) {
        return results[rank];
    }

    private static long packed(int left, int right) {
        return (long) left << 20 | right;
    }

    private static long hash(long pair) {
        // Fibonacci hashing: the high bits of the product are well mixed.
        return pair * 0x9E3779B97F4A7C15L;
    }
}
