package io.rootstock.evaluation.contamination;

import java.util.Arrays;

/** Numbers of n-grams by hash: a hash table behind a bitmap, which most lookups do not pass. Not safe for several threads. */
final class NgramTable {
    private static final int FIRST_SLOTS = 1 << 10;
    /** Bits of the bitmap for each slot of the table. */
    private static final int FILTER_BITS = 8;

    private final long mask;
    private long[] hashes = new long[FIRST_SLOTS / 2];
    /** Next n-gram with the same hash; -1: none. */
    private int[] next = new int[FIRST_SLOTS / 2];
    /** First n-gram with a hash, plus 1, by open addressing with linear probing; 0: free. */
    private int[] slots = new int[FIRST_SLOTS];

    private long[] filter = new long[FIRST_SLOTS * FILTER_BITS / Long.SIZE];
    private int count;

    /**
     * @param bits bits of the hashes that are used, 1 to 64; fewer than 64 cause false hits
     */
    NgramTable(int bits) {
        mask = bits == Long.SIZE ? -1 : (1L << bits) - 1;
    }

    /** Adds an n-gram; its number is the number of n-grams before it. */
    void add(long hash) {
        if (count == hashes.length) {
            int length = Math.addExact(count, count >> 1);
            hashes = Arrays.copyOf(hashes, length);
            next = Arrays.copyOf(next, length);
        }
        hashes[count] = hash & mask;
        next[count] = -1;
        count++;
        if (2L * count > slots.length) {
            rebuild();
        } else {
            insert(count - 1);
        }
    }

    private void rebuild() {
        slots = new int[Math.multiplyExact(2, slots.length)];
        filter = new long[slots.length / Long.SIZE * FILTER_BITS];
        Arrays.fill(next, 0, count, -1);
        for (int ngram = 0; ngram < count; ngram++) {
            insert(ngram);
        }
    }

    private void insert(int ngram) {
        long hash = hashes[ngram];
        int bit = bit(hash);
        filter[bit >> 6] |= 1L << bit;
        int slot = slot(hash);
        next[ngram] = slots[slot] - 1;
        slots[slot] = ngram + 1;
    }

    private int bit(long hash) {
        return (int) (hash >>> 32) & (filter.length * Long.SIZE - 1);
    }

    private int slot(long hash) {
        int slot = (int) hash & (slots.length - 1);
        while (slots[slot] != 0 && hashes[slots[slot] - 1] != hash) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    /** Returns an n-gram with a hash; -1 if the table has none. */
    int first(long hash) {
        long used = hash & mask;
        int bit = bit(used);
        return (filter[bit >> 6] & (1L << bit)) == 0 ? -1 : slots[slot(used)] - 1;
    }

    /** Returns another n-gram with the hash of this one; -1 after the last one. */
    int next(int ngram) {
        return next[ngram];
    }

    /** Number of n-grams. */
    int count() {
        return count;
    }
}
