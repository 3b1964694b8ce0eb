package io.rootstock.encoding.bpe;

import java.util.Arrays;
import java.util.List;

/**
 * Merges by pair of tokens: an open-addressed hash table from a pair of ids to the merge's number. One 64-bit word has
 * both ids (20 bits each) and the number (24 bits). Most pairs have no merge: a small bit set, which stays in the
 * processor's cache, answers for most of them; pairs of the lowest 256 ids, which are bytes in most vocabularies, have a
 * table of their own. Immutable after construction.
 */
final class PairTable {
    /** Number of a pair without a merge. */
    static final int NONE = Integer.MAX_VALUE;

    /** Number of ids that a pair can have. */
    static final int MAX_IDS = (1 << 20) - 1;

    /** Number of merges. */
    static final int MAX_MERGES = (1 << 20) - 1;

    private static final int NUMBER_BITS = 24;
    private static final long EMPTY = -1;
    private static final int BYTES = 256;

    /** Bits of the bit set per slot of the table, as a power of two. */
    private static final int FILTER_BITS = 3;

    private final long[] entries;
    private final long[] filter;
    private final int[] results;
    private final int[] bytePairs = new int[BYTES * BYTES];
    private final int[] ranks;
    private final int shift;
    private int size;

    /**
     * Creates a table of merges; of equal pairs the first is found.
     *
     * @param ranks rank of each merge, 0 to {@link #MAX_IDS}; null if the merges are in the order of ranks, each with
     *     its own
     */
    PairTable(List<Merge> merges, int[] ranks) {
        int maximum = merges.size();
        if (maximum > MAX_MERGES) {
            throw new IllegalArgumentException("the vocabulary has " + maximum + " merges; the limit is " + MAX_MERGES);
        }
        this.ranks = ranks;
        int bits = 64 - Long.numberOfLeadingZeros(Math.max(64, maximum + (maximum >> 1)));
        shift = 64 - bits;
        entries = new long[1 << bits];
        filter = new long[Math.max(1, 1 << (bits + FILTER_BITS - 6))];
        results = new int[maximum];
        Arrays.fill(entries, EMPTY);
        Arrays.fill(bytePairs, NONE);
        merges.forEach(merge -> add(merge.left(), merge.right(), merge.result()));
    }

    private void add(int left, int right, int result) {
        if (Math.max(Math.max(left, right), result) >= MAX_IDS) {
            throw new IllegalArgumentException(
                    "the merge of " + left + " and " + right + " into " + result + " has an id of at least " + MAX_IDS);
        }
        int number = size++;
        results[number] = result;
        if (find(left, right) != NONE) {
            return;
        }
        if ((left | right) < BYTES) {
            bytePairs[left * BYTES + right] = number;
        }
        long pair = packed(left, right);
        long hash = hash(pair);
        int bit = (int) (hash >>> (shift - FILTER_BITS));
        filter[bit >>> 6] |= 1L << bit;
        int slot = (int) (hash >>> shift);
        while (entries[slot] != EMPTY) {
            slot = slot + 1 & entries.length - 1;
        }
        entries[slot] = pair << NUMBER_BITS | number;
    }

    /** Returns the number of the merge of two tokens; {@link #NONE} if they do not merge. */
    int find(int left, int right) {
        if ((left | right) < BYTES) {
            return bytePairs[left * BYTES + right];
        }
        long pair = packed(left, right);
        long hash = hash(pair);
        int bit = (int) (hash >>> (shift - FILTER_BITS));
        if ((filter[bit >>> 6] & (1L << bit)) == 0) {
            return NONE;
        }
        int slot = (int) (hash >>> shift);
        while (true) {
            long entry = entries[slot];
            if (entry >>> NUMBER_BITS == pair) {
                return (int) entry & ((1 << NUMBER_BITS) - 1);
            }
            if (entry == EMPTY) {
                return NONE;
            }
            slot = slot + 1 & entries.length - 1;
        }
    }

    /** Returns the rank of a merge: lower is earlier. */
    int rank(int merge) {
        return ranks == null ? merge : ranks[merge];
    }

    /** Returns the token that a merge gives. */
    int result(int merge) {
        return results[merge];
    }

    private static long packed(int left, int right) {
        return (long) left << 20 | right;
    }

    private static long hash(long pair) {
        // Fibonacci hashing: the high bits of the product are well mixed.
        return pair * 0x9E3779B97F4A7C15L;
    }
}
