package io.rootstock.encoding.bpe;

/**
 * Tokens of a text with their positions: token {@code i} covers characters of {@code [starts[i], ends[i])}. A character
 * that is split across tokens is in the range of each of them.
 *
 * @param tokens token ids [n]
 * @param starts index of the first {@code char} of each token [n]
 * @param ends index after the last {@code char} of each token [n]
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TokenizedText(int[] tokens, int[] starts, int[] ends) {

    /** Collects tokens with their positions. */
    static final class Builder {
        private final Vocabulary vocabulary;
        private final WordEncoder encoder;
        private final TokenBuffer tokens = new TokenBuffer();
        private final TokenBuffer starts = new TokenBuffer();
        private final TokenBuffer ends = new TokenBuffer();

        Builder(Vocabulary vocabulary, WordEncoder encoder) {
            this.vocabulary = vocabulary;
            this.encoder = encoder;
        }

        void add(int token, int start, int end) {
            tokens.add(token);
            starts.add(start);
            ends.add(end);
        }

        /** Encodes {@code text[start, end)} word by word. */
        void addWords(String text, int start, int end) {
            char[] characters = text.substring(start, end).toCharArray();
            for (int from = 0; from < characters.length; ) {
                int to = encoder.wordEnd(characters, from, characters.length);
                addWord(characters, from, to, start);
                from = to;
            }
        }

        private void addWord(char[] text, int from, int to, int offset) {
            int[] word = encoder.word(text, from, to);
            int[] characterOfByte = characterOfByte(text, from, to);
            int[] lengths = new int[word.length];
            int bytes = 0;
            for (int i = 0; i < word.length; i++) {
                lengths[i] = vocabulary.length(word[i]);
                bytes += lengths[i];
            }
            if (bytes != characterOfByte.length) {
                // Bytes missing in the vocabulary are dropped: which ones is unknown here.
                for (int token : word) {
                    add(token, offset + from, offset + to);
                }
                return;
            }
            int at = 0;
            for (int i = 0; i < word.length; i++) {
                int last = characterOfByte[at + lengths[i] - 1];
                add(
                        word[i],
                        offset + characterOfByte[at],
                        offset + last + Character.charCount(codePoint(text, last, to)));
                at += lengths[i];
            }
        }

        /** Returns, for each byte of the word's UTF-8, the index of the first {@code char} of its code point. */
        private static int[] characterOfByte(char[] text, int from, int to) {
            TokenBuffer characters = new TokenBuffer();
            for (int i = from; i < to; ) {
                int codePoint = codePoint(text, i, to);
                int bytes = codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
                for (int k = 0; k < bytes; k++) {
                    characters.add(i);
                }
                i += Character.charCount(codePoint);
            }
            return characters.toArray();
        }

        private static int codePoint(char[] text, int at, int end) {
            return Character.codePointAt(text, at, end);
        }

        TokenizedText build() {
            return new TokenizedText(tokens.toArray(), starts.toArray(), ends.toArray());
        }
    }
}
