package io.rootstock.encoding.bpe;

import io.rootstock.encoding.TokenBuffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Encodes UTF-8 text word by word, with caches of recent words. One thread at a time; see {@link WordEncoders}. */
final class WordEncoder {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** By length of a word, the bits of its first and second eight bytes; the length is in the last byte. */
    private static final long[] LOW_BITS = new long[WordCache.MAX_LENGTH + 1];

    private static final long[] HIGH_BITS = new long[WordCache.MAX_LENGTH + 1];
    private static final int LENGTH_SHIFT = 56;

    /** Number of words that are found before they are encoded. */
    private static final int BATCH = 256;

    static {
        for (int length = 1; length <= WordCache.MAX_LENGTH; length++) {
            LOW_BITS[length] = length >= Long.BYTES ? -1 : (1L << (length * Byte.SIZE)) - 1;
            HIGH_BITS[length] = length <= Long.BYTES ? 0 : (1L << ((length - Long.BYTES) * Byte.SIZE)) - 1;
        }
    }

    private final MergeRules rules;
    private final WordMerger merger;
    private final LongWordMerger longMerger;
    private final WordCache cache = new WordCache();
    private final LongWordCache longCache = new LongWordCache();
    private final int[] ids = new int[LongWordMerger.WINDOW];
    private final int[] starts = new int[LongWordMerger.WINDOW];
    private final int[] ends = new int[BATCH];

    WordEncoder(MergeRules rules) {
        this.rules = rules;
        this.merger = new WordMerger(rules.pairs());
        this.longMerger =
                new LongWordMerger(rules.symbols(), merger, rules.vocabulary().longest());
    }

    /** Appends the tokens of {@code text[start, end)} to {@code output}. */
    void encode(byte[] text, int start, int end, TokenBuffer output) {
        for (int from = start; from < end; ) {
            int words = rules.scanner().wordEnds(text, from, end, ends);
            for (int word = 0; word < words; word++) {
                int to = ends[word];
                word(text, from, to, output);
                from = to;
            }
        }
    }

    /** Returns the end of the word that begins at {@code from}, at most {@code end}. */
    int wordEnd(byte[] text, int from, int end) {
        return rules.scanner().wordEnd(text, from, end);
    }

    /** Appends the tokens of the word {@code text[from, to)} to {@code output}. */
    void word(byte[] text, int from, int to, TokenBuffer output) {
        int length = to - from;
        if (length > WordCache.MAX_LENGTH) {
            longWord(text, from, to, output);
            return;
        }
        long low;
        long high;
        if (from + 2 * Long.BYTES <= text.length) {
            low = (long) LONG.get(text, from) & LOW_BITS[length];
            high = ((long) LONG.get(text, from + Long.BYTES) & HIGH_BITS[length]) | (long) length << LENGTH_SHIFT;
        } else {
            low = collect(text, from, Math.min(to, from + Long.BYTES));
            high = collect(text, from + Long.BYTES, to) | (long) length << LENGTH_SHIFT;
        }
        long value = cache.find(low, high);
        int count = (int) value & WordCache.COUNT_MASK;
        if (count == 0 || count > WordCache.FEW) {
            if (count == 0 || !cache.appendMany(value, output)) {
                newWord(text, from, to, low, high, output);
            }
            return;
        }
        int[] buffer = output.reserve(WordCache.FEW);
        int size = output.size();
        buffer[size] = (int) (value >>> WordCache.COUNT_BITS) & WordCache.TOKEN_MASK;
        buffer[size + 1] = (int) (value >>> (WordCache.COUNT_BITS + WordCache.TOKEN_BITS)) & WordCache.TOKEN_MASK;
        buffer[size + 2] = (int) (value >>> (WordCache.COUNT_BITS + 2 * WordCache.TOKEN_BITS)) & WordCache.TOKEN_MASK;
        output.setSize(size + count);
    }

    private void newWord(byte[] text, int from, int to, long low, long high, TokenBuffer output) {
        int count = encodeShort(text, from, to);
        cache.add(low, high, ids, count);
        output.add(ids, 0, count);
    }

    private static long collect(byte[] text, int from, int to) {
        long bytes = 0;
        for (int i = to - 1; i >= from; i--) {
            bytes = bytes << Byte.SIZE | Byte.toUnsignedLong(text[i]);
        }
        return bytes;
    }

    private void longWord(byte[] text, int from, int to, TokenBuffer output) {
        if (to - from <= LongWordCache.MAX_LENGTH) {
            long hash = WordHash.of(text, from, to);
            if (!longCache.append(text, from, to, hash, output)) {
                int count = encodeShort(text, from, to);
                longCache.add(text, from, to, hash, ids, count);
                output.add(ids, 0, count);
            }
        } else if (to - from <= LongWordMerger.WINDOW) {
            int count = encodeShort(text, from, to);
            output.add(ids, 0, count);
        } else {
            int whole = rules.whole(text, from, to);
            if (whole >= 0) {
                output.add(whole);
            } else {
                longMerger.encode(text, from, to, output);
            }
        }
    }

    /** Encodes a word of at most {@link LongWordMerger#WINDOW} bytes into {@link #ids}; returns the number of tokens. */
    private int encodeShort(byte[] text, int from, int to) {
        int whole = rules.whole(text, from, to);
        if (whole >= 0) {
            ids[0] = whole;
            return 1;
        }
        return merger.merge(ids, rules.symbols().split(text, from, to, ids, starts));
    }

    /**
     * Tokens of recent words of more than {@link WordCache#MAX_LENGTH} and at most {@link #MAX_LENGTH} bytes, whose tokens are at
     * most {@link #MAX_TOKENS}: a direct-mapped table whose keys are compared in full. One thread at a time.
     */
    private static final class LongWordCache {
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
}
