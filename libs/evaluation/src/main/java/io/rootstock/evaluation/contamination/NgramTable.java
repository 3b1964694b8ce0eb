package io.rootstock.evaluation.contamination;

import java.util.Arrays;

/**
 * N-grams by the hash of their last units, the anchor: a hash table behind a bitmap, which most lookups do not pass. An anchor that
 * is found is a candidate: the length and 32 bits of the whole n-gram's hash sort out most false ones. Not safe for several threads
 * while n-grams are added.
 */
final class NgramTable {
    private static final int FIRST_SLOTS = 1 << 10;
    /** Bits of the bitmap for each slot of the table. */
    private static final int FILTER_BITS = 8;

    private static final int FILTER_MULTIPLIER = 0x9e3779b1;

    private final long mask;
    private int[] numbers = new int[FIRST_SLOTS / 2];
    private int[] anchors = new int[FIRST_SLOTS / 2];
    private int[] tags = new int[FIRST_SLOTS / 2];
    private byte[] sizes = new byte[FIRST_SLOTS / 2];
    /** Next entry with the same anchor; -1: none. */
    private int[] next = new int[FIRST_SLOTS / 2];
    /** First entry with an anchor, plus 1, by open addressing with linear probing; 0: free. */
    private int[] slots = new int[FIRST_SLOTS];

    private long[] filter = new long[FIRST_SLOTS * FILTER_BITS / Long.SIZE];
    private int filterShift = shift(filter.length);
    private int count;

    /**
     * @param bits bits of the hashes that are used, 1 to 64; fewer than 64 cause false candidates
     */
    NgramTable(int bits) {
        mask = bits == Long.SIZE ? -1 : (1L << bits) - 1;
    }

    private static int shift(int longs) {
        return Integer.SIZE - Integer.numberOfTrailingZeros(longs);
    }

    /**
     * Adds an n-gram.
     *
     * @param number its number in the index
     * @param anchor hash of its last units
     * @param hash hash of all its units
     * @param size number of its units
     */
    void add(int number, long anchor, long hash, int size) {
        if (count == anchors.length) {
            int length = Math.addExact(count, count >> 1);
            numbers = Arrays.copyOf(numbers, length);
            anchors = Arrays.copyOf(anchors, length);
            tags = Arrays.copyOf(tags, length);
            sizes = Arrays.copyOf(sizes, length);
            next = Arrays.copyOf(next, length);
        }
        numbers[count] = number;
        anchors[count] = folded(anchor);
        tags[count] = folded(hash);
        sizes[count] = (byte) size;
        next[count] = -1;
        count++;
        if (2L * count > slots.length) {
            rebuild();
        } else {
            insert(count - 1);
        }
    }

    private int folded(long hash) {
        long used = hash & mask;
        return (int) (used ^ (used >>> 32));
    }

    private void rebuild() {
        slots = new int[Math.multiplyExact(2, slots.length)];
        filter = new long[slots.length / Long.SIZE * FILTER_BITS];
        filterShift = shift(filter.length);
        Arrays.fill(next, 0, count, -1);
        for (int entry = 0; entry < count; entry++) {
            insert(entry);
        }
    }

    private void insert(int entry) {
        int anchor = anchors[entry];
        int mixed = anchor * FILTER_MULTIPLIER;
        filter[mixed >>> filterShift] |= bits(mixed);
        int slot = slot(anchor);
        next[entry] = slots[slot] - 1;
        slots[slot] = entry + 1;
    }

    /** Two bits of a word of the bitmap. */
    private static long bits(int mixed) {
        return (1L << mixed) | (1L << (mixed >> 6));
    }

    private int slot(int anchor) {
        int slot = anchor & (slots.length - 1);
        while (slots[slot] != 0 && anchors[slots[slot] - 1] != anchor) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    /** Returns an entry that may have an anchor; -1 if none has. */
    int first(long anchor) {
        int used = folded(anchor);
        int mixed = used * FILTER_MULTIPLIER;
        long bits = bits(mixed);
        return (filter[mixed >>> filterShift] & bits) != bits ? -1 : slots[slot(used)] - 1;
    }

    /** Returns another entry with the anchor of this one; -1 after the last one. */
    int next(int entry) {
        return next[entry];
    }

    /** Number of an entry's n-gram in the index. */
    int number(int entry) {
        return numbers[entry];
    }

    /** Number of units of an entry's n-gram. */
    int size(int entry) {
        return sizes[entry];
    }

    /** Whether an entry's n-gram can have this hash of all its units. */
    boolean canHave(int entry, long hash) {
        return tags[entry] == folded(hash);
    }
}
