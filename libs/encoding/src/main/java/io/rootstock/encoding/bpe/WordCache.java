package io.rootstock.encoding.bpe;

import io.rootstock.encoding.TokenBuffer;

/**
 * Tokens of recent words of at most {@link #MAX_LENGTH} bytes. A word's bytes and its length are the key, as two 64-bit
 * words, so that keys are compared in full. One to {@link #FEW} tokens are in a third 64-bit word; more are in an array
 * of the most recent tokens, of which old ones are overwritten.
 *
 * <p>Two entries per set; a new word replaces the older one. Grows with the number of words to {@code 2 * MAX_SETS}
 * entries (1.6 MB, and 1 MB of tokens). One thread at a time.
 */
final class WordCache {
    /** Number of bytes of the longest word that the cache takes. */
    static final int MAX_LENGTH = 15;

    /** Number of tokens that a value of {@link #find} has itself. */
    static final int FEW = 3;

    /** Number of bits of a token in a value; the lowest {@link #COUNT_BITS} bits are the number of tokens. */
    static final int TOKEN_BITS = 20;

    static final int COUNT_BITS = 4;
    static final int TOKEN_MASK = (1 << TOKEN_BITS) - 1;
    static final int COUNT_MASK = (1 << COUNT_BITS) - 1;

    private static final int MAX_SETS = 1 << 15;
    private static final int ENTRY = 3;
    private static final int SET = 2 * ENTRY;

    /** Number of recent tokens. */
    private static final int RECENT = 1 << 18;

    private long[] entries;
    private int[] recent;
    private int sets = 1 << 9;
    private int shift;
    private int inserted;

    /** Number of tokens that were ever written to {@link #recent}. */
    private long written;

    WordCache() {
        allocate();
    }

    private void allocate() {
        entries = new long[sets * SET];
        shift = 64 - Integer.numberOfTrailingZeros(sets);
        inserted = 0;
        recent = recent == null ? new int[RECENT / MAX_SETS * sets] : recent;
    }

    /** Returns the tokens of a word; 0 if it is not in the cache. {@code high} is not 0. */
    long find(long low, long high) {
        int at = position(low, high);
        if (entries[at] == low && entries[at + 1] == high) {
            return entries[at + 2];
        }
        at += ENTRY;
        return entries[at] == low && entries[at + 1] == high ? entries[at + 2] : 0;
    }

    /** Appends the tokens of a value with more than {@link #FEW} to {@code output}; false if they are overwritten. */
    boolean appendMany(long value, TokenBuffer output) {
        long from = value >>> COUNT_BITS;
        int count = (int) value & COUNT_MASK;
        if (written - from > recent.length) {
            return false;
        }
        int offset = (int) from & recent.length - 1;
        int[] buffer = output.reserve(count);
        int size = output.size();
        // Faster than System.arraycopy for few.
        for (int i = 0; i < count; i++) {
            buffer[size + i] = recent[offset + i];
        }
        output.setSize(size + count);
        return true;
    }

    /** Adds a word with {@code ids[0, count)}, which is not in the cache or was overwritten. */
    void add(long low, long high, int[] ids, int count) {
        if (inserted > sets && sets < MAX_SETS) {
            grow();
        }
        inserted++;
        long value = count;
        if (count <= FEW) {
            for (int i = 0; i < count; i++) {
                value |= (long) ids[i] << (COUNT_BITS + i * TOKEN_BITS);
            }
        } else {
            int offset = (int) written & recent.length - 1;
            if (offset + count > recent.length) {
                // A word's tokens do not cross the end of the array.
                written += recent.length - offset;
                offset = 0;
            }
            value |= written << COUNT_BITS;
            System.arraycopy(ids, 0, recent, offset, count);
            written += count;
        }
        put(low, high, value);
    }

    private void put(long low, long high, long value) {
        int at = position(low, high);
        if (entries[at] != low || entries[at + 1] != high) {
            System.arraycopy(entries, at, entries, at + ENTRY, ENTRY);
        }
        entries[at] = low;
        entries[at + 1] = high;
        entries[at + 2] = value;
    }

    private void grow() {
        long[] old = entries;
        sets *= 4;
        recent = null;
        written = 0;
        allocate();
        for (int at = 0; at < old.length; at += ENTRY) {
            if (old[at + 1] != 0 && (old[at + 2] & COUNT_MASK) <= FEW) {
                put(old[at], old[at + 1], old[at + 2]);
                inserted++;
            }
        }
    }

    private int position(long low, long high) {
        long hash = (low ^ Long.rotateLeft(high, 29)) * 0x9E3779B97F4A7C15L;
        hash = (hash ^ hash >>> 32) * 0xC2B2AE3D27D4EB4FL;
        return (int) (hash >>> shift) * SET;
    }
}
