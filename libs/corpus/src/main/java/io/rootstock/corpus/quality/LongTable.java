package io.rootstock.corpus.quality;

import java.util.Arrays;

/** Open-addressing table of 64-bit hashes with a count each; reused for many texts. Not thread-safe. */
final class LongTable {
    private static final int MIN_CAPACITY = 64;

    private long[] keys = new long[MIN_CAPACITY];
    private int[] counts = new int[MIN_CAPACITY];
    private int mask = MIN_CAPACITY - 1;

    /** Empties the table and makes room for a number of keys. */
    void reset(int expected) {
        int capacity = Math.max(MIN_CAPACITY, Integer.highestOneBit(Math.max(1, expected)) << 2);
        if (capacity > keys.length) {
            keys = new long[capacity];
            counts = new int[capacity];
        } else {
            Arrays.fill(counts, 0, capacity, 0);
        }
        mask = capacity - 1;
    }

    /** Counts a key and returns how many times it has been counted. */
    int increment(long key) {
        int slot = slot(key);
        while (counts[slot] != 0 && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        keys[slot] = key;
        return ++counts[slot];
    }

    /** Returns how many times a key has been counted. */
    int count(long key) {
        int slot = slot(key);
        while (counts[slot] != 0 && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        return counts[slot];
    }

    private int slot(long key) {
        return (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & mask;
    }
}
