package io.rootstock.corpus.engine.table;

import java.util.Arrays;

/**
 * Documents that represent the others with an equal band hash, as a list for each hash. The hashes are uniformly
 * distributed. Memory: 24 to 32 bytes a representative; the capacity is reserved.
 */
public final class BandTable {
    /** Value that stands for a representative where a list is empty or ends. */
    public static final int NONE = -1;

    private static final int MAX_CAPACITY = 1 << 29;

    private final long[] hashes;
    private final int[] documents;
    private final int[] next;
    private final int[] slots;
    private int size;

    /** @param capacity maximum number of representatives */
    public BandTable(long capacity) {
        if (capacity > MAX_CAPACITY) {
            throw new IllegalStateException(
                    "a bucket has " + capacity + " band hashes, at most " + MAX_CAPACITY
                            + " are supported; use more buckets");
        }
        hashes = new long[(int) capacity];
        documents = new int[(int) capacity];
        next = new int[(int) capacity];
        slots = new int[Integer.highestOneBit(Math.max(1, (int) capacity)) * 2];
        Arrays.fill(slots, NONE);
    }

    /** Returns the first representative of a hash; {@link #NONE} if it has none. */
    public int first(long hash) {
        return slots[slot(hash)];
    }

    /** Returns the representative after another one of its hash; {@link #NONE} after the last one. */
    public int next(int representative) {
        return next[representative];
    }

    /** Document of a representative. */
    public int document(int representative) {
        return documents[representative];
    }

    /** Adds a representative behind the others of its hash. */
    public void add(long hash, int document) {
        int slot = slot(hash);
        hashes[size] = hash;
        documents[size] = document;
        next[size] = NONE;
        if (slots[slot] == NONE) {
            slots[slot] = size;
        } else {
            int last = slots[slot];
            while (next[last] != NONE) {
                last = next[last];
            }
            next[last] = size;
        }
        size++;
    }

    private int slot(long hash) {
        int mask = slots.length - 1;
        int slot = (int) hash & mask;
        while (slots[slot] != NONE && hashes[slots[slot]] != hash) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
