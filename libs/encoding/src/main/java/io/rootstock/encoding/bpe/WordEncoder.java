package io.rootstock.encoding.bpe;

import io.rootstock.encoding.pretokenizer.Scanner;
import java.util.Arrays;

/**
 * Encodes ordinary text word by word, with a cache of frequent words.
 *
 * <p>The cache is a direct-mapped table of immutable entries: it is bounded, and threads share it without locks,
 * because a lost or overwritten entry only causes the word to be encoded again.
 */
final class WordEncoder {
    private static final int CACHE_SIZE = 1 << 16;
    private static final int LONGEST_CACHED_WORD = 64;

    private final Vocabulary vocabulary;
    private final Scanner scanner;
    private final boolean ignoreMerges;
    private final WordMerger merger;
    private final Entry[] cache = new Entry[CACHE_SIZE];

    WordEncoder(Vocabulary vocabulary, Scanner scanner, boolean ignoreMerges) {
        this.vocabulary = vocabulary;
        this.scanner = scanner;
        this.ignoreMerges = ignoreMerges;
        this.merger = new WordMerger(new PairTable(vocabulary.merges()));
    }

    /** Appends the tokens of {@code text[start, end)} to {@code output}. */
    void encode(char[] text, int start, int end, TokenBuffer output) {
        for (int from = start; from < end; ) {
            int to = scanner.wordEnd(text, from, end);
            int[] ids = word(text, from, to);
            if (ids.length == 1) {
                output.add(ids[0]);
            } else {
                output.add(ids, ids.length);
            }
            from = to;
        }
    }

    /** Returns the end of the word that begins at {@code from}, at most {@code end}. */
    int wordEnd(char[] text, int from, int end) {
        return scanner.wordEnd(text, from, end);
    }

    /** Returns the tokens of the word {@code text[from, to)}; the caller must not modify them. */
    int[] word(char[] text, int from, int to) {
        return to - from > LONGEST_CACHED_WORD ? encodeWord(text, from, to) : remembered(text, from, to);
    }

    private int[] remembered(char[] text, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + text[i];
        }
        int slot = (hash * 0x9E3779B9) >>> 16;
        Entry entry = cache[slot];
        if (entry != null && entry.hash == hash && Arrays.equals(entry.word, 0, entry.word.length, text, from, to)) {
            return entry.ids;
        }
        int[] ids = encodeWord(text, from, to);
        cache[slot] = new Entry(hash, Arrays.copyOfRange(text, from, to), ids);
        return ids;
    }

    private int[] encodeWord(char[] text, int from, int to) {
        byte[] bytes = new byte[Math.multiplyExact(to - from, Utf8.BYTES_PER_CHAR)];
        int length = Utf8.encode(text, from, to, bytes, 0);
        if (ignoreMerges) {
            int whole = vocabulary.idOf(bytes, 0, length);
            if (whole >= 0) {
                return new int[] {whole};
            }
        }
        int[] ids = new int[length];
        int count = 0;
        for (int i = 0; i < length; i++) {
            int id = vocabulary.idOf(Byte.toUnsignedInt(bytes[i]));
            // Dropped as in Hugging Face and llama.cpp: some vocabularies lack rare bytes.
            if (id >= 0) {
                ids[count++] = id;
            }
        }
        return Arrays.copyOf(ids, merger.merge(ids, count));
    }

    /** A word and its tokens; final fields allow publication without synchronization. */
    private static final class Entry {
        final int hash;
        final char[] word;
        final int[] ids;

        Entry(int hash, char[] word, int[] ids) {
            this.hash = hash;
            this.word = word;
            this.ids = ids;
        }
    }
}
