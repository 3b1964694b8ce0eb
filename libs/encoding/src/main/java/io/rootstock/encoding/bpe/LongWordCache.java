package io.rootstock.encoding.bpe;

import io.rootstock.encoding.TokenBuffer;
import java.util.Arrays;

/**
 * Tokens of recent words of more than {@link WordCache#MAX_LENGTH} and at most {@link #MAX_LENGTH} bytes, whose tokens are at
 * most {@link #MAX_TOKENS}: a direct-mapped table whose keys are compared in full. One thread at a time.
 */
final class LongWordCache {
    /** Number of bytes of the longest word that the cache takes. */
    static final int MAX_LENGTH = 64;

    private static final int MAX_TOKENS = 24;
    private static final int BITS = 13;

    private final long[] hashes = new long[1 << BITS];
    private final byte[] words = new byte[MAX_LENGTH << BITS];
    private final int[] tokens = new int[MAX_TOKENS << BITS];

    /** Number of bytes of the word, and shifted by eight bits, of its tokens. */
    private final short[] lengths = new short[1 << BITS];

    /** Appends the tokens of the word {@code text[from, to)} to {@code output}; false if it is not in the cache. */
    boolean append(byte[] text, int from, int to, long hash, TokenBuffer output) {
        int slot = slot(hash);
        int length = lengths[slot] & 0xFF;
        int begin = slot * MAX_LENGTH;
        if (hashes[slot] != hash || !Arrays.equals(words, begin, begin + length, text, from, to)) {
            return false;
        }
        output.add(tokens, slot * MAX_TOKENS, lengths[slot] >>> Byte.SIZE);
        return true;
    }

    /** Adds a word with {@code ids[0, count)}, if it has few. */
    void add(byte[] text, int from, int to, long hash, int[] ids, int count) {
        if (count <= MAX_TOKENS) {
            int slot = slot(hash);
            hashes[slot] = hash;
            lengths[slot] = (short) (count << Byte.SIZE | to - from);
            System.arraycopy(text, from, words, slot * MAX_LENGTH, to - from);
            System.arraycopy(ids, 0, tokens, slot * MAX_TOKENS, count);
        }
    }

    private static int slot(long hash) {
        return (int) (hash >>> (Long.SIZE - BITS));
    }
}
