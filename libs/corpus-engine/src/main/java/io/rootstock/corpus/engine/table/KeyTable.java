package io.rootstock.corpus.engine.table;

import java.util.Arrays;

/**
 * Numbers 128-bit keys in the order of their first occurrence. The keys are uniformly distributed hashes. Memory: 24 to 48
 * bytes a key.
 */
public final class KeyTable {
    private static final int MAX_KEYS = 1 << 29;

    private long[] high = new long[64];
    private long[] low = new long[64];
    private int[] slots = new int[128];
    private int size;

    /** Number of different keys. */
    public int size() {
        return size;
    }

    /** First half of the key with a number. */
    public long high(int number) {
        return high[number];
    }

    /** Second half of the key with a number. */
    public long low(int number) {
        return low[number];
    }

    /** Returns the number of a key; a new key has the number of keys before it. */
    public int add(long keyHigh, long keyLow) {
        int mask = slots.length - 1;
        int slot = (int) keyLow & mask;
        while (slots[slot] != 0) {
            int number = slots[slot] - 1;
            if (high[number] == keyHigh && low[number] == keyLow) {
                return number;
            }
            slot = (slot + 1) & mask;
        }
        if (size == high.length) {
            grow();
            return add(keyHigh, keyLow);
        }
        high[size] = keyHigh;
        low[size] = keyLow;
        slots[slot] = ++size;
        return size - 1;
    }

    private void grow() {
        if (size >= MAX_KEYS) {
            throw new IllegalStateException(
                    "a bucket or unit has more than " + MAX_KEYS
                            + " different keys; use more buckets or smaller units");
        }
        high = Arrays.copyOf(high, 2 * size);
        low = Arrays.copyOf(low, 2 * size);
        slots = new int[4 * size];
        int mask = slots.length - 1;
        for (int number = 0; number < size; number++) {
            int slot = (int) low[number] & mask;
            while (slots[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            slots[slot] = number + 1;
        }
    }
}
