package io.rootstock.corpus.language;

import java.util.Arrays;

/**
 * Rows of the input matrix for one text: of its words, their character n-grams and its word n-grams, in fastText's
 * order ({@code Dictionary::getLine}). A line feed separates words like a space, as if it had been replaced by one.
 */
final class InputRows {
    private static final byte[] LABEL = {'_', '_', 'l', 'a', 'b', 'e', 'l', '_', '_'};

    /** The rows, of which the first {@link #count} are valid. */
    int[] rows = new int[4096];

    int count;

    /** Number of tokens of the text, without the one that ends it. */
    int tokens;

    private final FastTextDictionary dictionary;
    private final ModelSettings settings;
    private int[] wordHashes = new int[256];
    private int words;
    private byte[] marked = new byte[256];

    InputRows(FastTextDictionary dictionary, ModelSettings settings) {
        this.dictionary = dictionary;
        this.settings = settings;
    }

    /** Reads a text. */
    void read(byte[] utf8, int from, int to) {
        count = 0;
        words = 0;
        tokens = 0;
        int at = from;
        while (at < to) {
            if (isSpace(utf8[at])) {
                at++;
                continue;
            }
            int start = at;
            int hash = 0x811C9DC5;
            while (at < to && !isSpace(utf8[at])) {
                hash = (hash ^ utf8[at]) * 16777619;
                at++;
            }
            tokens++;
            add(utf8, start, at, hash);
            if (Arrays.equals(utf8, start, at, WordTable.END_OF_TEXT, 0, WordTable.END_OF_TEXT.length)) {
                addWordNGrams();
                return;
            }
        }
        add(
                WordTable.END_OF_TEXT,
                0,
                WordTable.END_OF_TEXT.length,
                WordTable.hash(WordTable.END_OF_TEXT, 0, WordTable.END_OF_TEXT.length));
        addWordNGrams();
    }

    private static boolean isSpace(byte value) {
        return value == ' ' || (value >= '\t' && value <= '\r') || value == 0;
    }

    private void add(byte[] utf8, int start, int end, int hash) {
        int entry = dictionary.words.find(utf8, start, end, hash);
        if (entry >= dictionary.words.words || (entry < 0 && isLabel(utf8, start, end))) {
            return;
        }
        if (entry >= 0) {
            addKnown(entry);
        } else if (settings.maxCharacters() > 0
                && !Arrays.equals(utf8, start, end, WordTable.END_OF_TEXT, 0, WordTable.END_OF_TEXT.length)) {
            addCharacterNGrams(utf8, start, end);
        }
        if (settings.wordNGrams() > 1) {
            if (words == wordHashes.length) {
                wordHashes = Arrays.copyOf(wordHashes, words * 2);
            }
            wordHashes[words++] = hash;
        }
    }

    private static boolean isLabel(byte[] utf8, int start, int end) {
        return end - start >= LABEL.length && Arrays.equals(utf8, start, start + LABEL.length, LABEL, 0, LABEL.length);
    }

    private void addKnown(int entry) {
        if (settings.maxCharacters() == 0) {
            reserve(1);
            rows[count++] = entry;
            return;
        }
        int from = dictionary.subwordStarts[entry];
        int to = dictionary.subwordStarts[entry + 1];
        reserve(to - from);
        System.arraycopy(dictionary.subwords, from, rows, count, to - from);
        count += to - from;
    }

    /** Adds the character n-grams of a word between its marks "&lt;" and "&gt;". */
    void addCharacterNGrams(byte[] utf8, int start, int end) {
        int length = end - start + 2;
        if (length > marked.length) {
            marked = new byte[length * 2];
        }
        byte[] word = marked;
        word[0] = '<';
        System.arraycopy(utf8, start, word, 1, end - start);
        word[length - 1] = '>';
        int least = settings.minCharacters();
        int largest = settings.maxCharacters();
        Buckets buckets = dictionary.buckets;
        reserve(largest);
        int[] list = rows;
        int number = count;
        for (int first = 0; first < length; first++) {
            if ((word[first] & 0xC0) == 0x80) {
                continue;
            }
            if (number + largest > list.length) {
                count = number;
                reserve(largest);
                list = rows;
            }
            int hash = 0x811C9DC5;
            int at = first;
            for (int characters = 1; at < length && characters <= largest; characters++) {
                hash = (hash ^ word[at++]) * 16777619;
                while (at < length && (word[at] & 0xC0) == 0x80) {
                    hash = (hash ^ word[at++]) * 16777619;
                }
                if (characters >= least && !(characters == 1 && (first == 0 || at == length))) {
                    number = buckets.append(hash, list, number);
                }
            }
        }
        count = number;
    }

    private void addWordNGrams() {
        for (int first = 0; first < words; first++) {
            long hash = wordHashes[first];
            for (int last = first + 1; last < words && last < first + settings.wordNGrams(); last++) {
                hash = hash * 116049371L + wordHashes[last];
                reserve(1);
                count = dictionary.buckets.append(hash, rows, count);
            }
        }
    }

    private void reserve(int more) {
        if (count + more > rows.length) {
            rows = Arrays.copyOf(rows, Math.max(rows.length * 2, count + more));
        }
    }
}
