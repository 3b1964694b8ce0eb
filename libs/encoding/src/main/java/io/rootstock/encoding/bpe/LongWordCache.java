package io.rootstock.encoding.bpe;

import java.util.Arrays;

/**
 * Tokens of recent words of {@link WordCache#LONGEST} to {@link #LONGEST} bytes: a direct-mapped table whose keys are
 * compared in full. One thread at a time.
 */
final class LongWordCache {
    /** Number of bytes of the longest word that the cache takes. */
    static final int LONGEST = 64;

    private static final int BITS = 13;

    private final Entry[] entries = new Entry[1 << BITS];

    /** Returns the tokens of the word {@code text[from, to)}; null if it is not in the cache. */
    int[] find(byte[] text, int from, int to, long hash) {
        Entry entry = entries[(int) (hash >>> 64 - BITS)];
        return entry != null && entry.hash == hash && Arrays.equals(entry.word, 0, entry.word.length, text, from, to)
                ? entry.ids
                : null;
    }

    void add(byte[] text, int from, int to, long hash, int[] ids) {
        entries[(int) (hash >>> 64 - BITS)] = new Entry(hash, Arrays.copyOfRange(text, from, to), ids);
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Entry(long hash, byte[] word, int[] ids) {}
}
