package io.rootstock.encoding.bpe;

import io.rootstock.encoding.TokenBuffer;
import io.rootstock.encoding.pretokenizer.Scanner;

/**
 * Encodes UTF-8 text without special tokens: splits it into words and merges the symbols of each word.
 *
 * <p>Safe for several threads; keeps a cache of recent words of at most 4 MB per processor. A word of any length
 * takes linear time.
 */
public final class BpeEncoder {
    private final Vocabulary vocabulary;
    private final WordEncoders encoders;

    /** Creates an encoder of bytes. */
    BpeEncoder(Vocabulary vocabulary, Scanner scanner, boolean ignoreMerges) {
        this(vocabulary, scanner, new ByteSymbols(vocabulary), ignoreMerges);
    }

    /**
     * @param scanner finds the words; merges do not cross their boundaries
     * @param symbols tokens of a word from which merging begins
     * @param ignoreMerges whether a word that is in the vocabulary becomes that token without merging
     */
    public BpeEncoder(Vocabulary vocabulary, Scanner scanner, Symbols symbols, boolean ignoreMerges) {
        this.vocabulary = vocabulary;
        this.encoders = new WordEncoders(MergeRules.of(vocabulary, scanner, symbols, ignoreMerges));
    }

    /** Appends the tokens of {@code text[from, to)} to {@code output}. */
    public void encode(byte[] text, int from, int to, TokenBuffer output) {
        if (from < to) {
            encoders.with(encoder -> encoder.encode(text, from, to, output));
        }
    }

    /** Appends the tokens of {@code text[from, to)} with their positions in a string to {@code output}. */
    void encode(byte[] text, int from, int to, OffsetBuilder output) {
        encoders.with(encoder -> output.addWords(encoder, vocabulary, text, from, to));
    }

    /** The tokens of single bytes, as in byte-level BPE. */
    private static final class ByteSymbols implements Symbols {
        private final int[] idsByByte = new int[ByteAlphabet.SIZE];

        ByteSymbols(Vocabulary vocabulary) {
            for (int value = 0; value < idsByByte.length; value++) {
                idsByByte[value] = vocabulary.idOf(value);
            }
        }

        @Override
        public int split(byte[] text, int from, int to, int[] ids, int[] starts) {
            int count = 0;
            for (int i = from; i < to; i++) {
                int id = idsByByte[Byte.toUnsignedInt(text[i])];
                // Dropped as in Hugging Face and llama.cpp: some vocabularies lack rare bytes.
                if (id >= 0) {
                    ids[count] = id;
                    starts[count++] = i;
                }
            }
            return count;
        }

        @Override
        public int boundary(byte[] text, int from, int index, int to) {
            return Math.min(index, to);
        }
    }
}
