package io.rootstock.encoding.bpe;

/**
 * Tokens of recent words of at most {@link #LONGEST} bytes. A word's bytes and its length are the key, as two 64-bit
 * words, so that keys are compared in full; one to three tokens are in a third one, more are in an array of their own.
 *
 * <p>Two entries per set; a new word replaces the older one. Grows with the number of words to {@code 2 * MAXIMUM_SETS}
 * entries (1.8 MB and the arrays). One thread at a time.
 */
final class WordCache {
    /** Number of bytes of the longest word that the cache takes. */
    static final int LONGEST = 15;

    /** Number of tokens that a value of {@link #find} has itself. */
    static final int FEW = 3;

    /** Number of bits of a token in a value; the lowest {@link #COUNT_BITS} bits are the number of tokens. */
    static final int TOKEN_BITS = 20;

    static final int COUNT_BITS = 4;
    static final int TOKEN_MASK = (1 << TOKEN_BITS) - 1;
    static final int COUNT_MASK = (1 << COUNT_BITS) - 1;

    private static final int MAXIMUM_SETS = 1 << 15;
    private static final int ENTRY = 3;
    private static final int SET = 2 * ENTRY;

    private long[] entries;
    private int[][] many;
    private int sets = 1 << 9;
    private int shift;
    private int inserted;

    WordCache() {
        allocate();
    }

    private void allocate() {
        entries = new long[sets * SET];
        many = new int[sets * 2][];
        shift = 64 - Integer.numberOfTrailingZeros(sets);
        inserted = 0;
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

    /** Returns the tokens of a word that is in the cache with more than {@link #FEW} tokens. */
    int[] many(long low, long high) {
        int at = position(low, high);
        return many[(entries[at] == low && entries[at + 1] == high ? at : at + ENTRY) / ENTRY];
    }

    /** Adds a word that is not in the cache, with {@code ids[0, count)}. */
    void add(long low, long high, int[] ids, int count) {
        if (inserted > sets && sets < MAXIMUM_SETS) {
            grow();
        }
        inserted++;
        long value = count;
        int[] array = null;
        if (count <= FEW) {
            for (int i = 0; i < count; i++) {
                value |= (long) ids[i] << COUNT_BITS + i * TOKEN_BITS;
            }
        } else {
            array = java.util.Arrays.copyOf(ids, count);
        }
        put(low, high, value, array);
    }

    private void put(long low, long high, long value, int[] array) {
        int at = position(low, high);
        int older = at + ENTRY;
        System.arraycopy(entries, at, entries, older, ENTRY);
        many[older / ENTRY] = many[at / ENTRY];
        entries[at] = low;
        entries[at + 1] = high;
        entries[at + 2] = value;
        many[at / ENTRY] = array;
    }

    private void grow() {
        long[] oldEntries = entries;
        int[][] oldMany = many;
        sets *= 4;
        allocate();
        for (int at = 0; at < oldEntries.length; at += ENTRY) {
            if (oldEntries[at + 1] != 0) {
                put(oldEntries[at], oldEntries[at + 1], oldEntries[at + 2], oldMany[at / ENTRY]);
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
