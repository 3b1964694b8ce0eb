package io.rootstock.encoding.bpe;

import io.rootstock.encoding.TokenBuffer;
import io.rootstock.encoding.TokenizedText;
import io.rootstock.encoding.Utf8;
import java.util.function.IntUnaryOperator;

/** Collects tokens with their positions. */
final class OffsetBuilder {
    private final TokenBuffer tokens = new TokenBuffer();
    private final TokenBuffer starts = new TokenBuffer();
    private final TokenBuffer ends = new TokenBuffer();
    private final TokenBuffer word = new TokenBuffer();

    /** Number of {@code char}s before the next word. */
    private int position;

    private final IntUnaryOperator addedTokenLength;

    /**
     * @param addedTokenLength number of {@code char}s of a special token
     */
    OffsetBuilder(IntUnaryOperator addedTokenLength) {
        this.addedTokenLength = addedTokenLength;
    }

    /** Adds special tokens and empties their buffer. */
    void addTokens(TokenBuffer found) {
        for (int i = 0; i < found.size(); i++) {
            int length = addedTokenLength.applyAsInt(found.get(i));
            add(found.get(i), position, position + length);
            position += length;
        }
        found.clear();
    }

    private void add(int token, int start, int end) {
        tokens.add(token);
        starts.add(start);
        ends.add(end);
    }

    /** Encodes the valid UTF-8 {@code text[start, end)} word by word. */
    void addWords(WordEncoder encoder, Vocabulary vocabulary, byte[] text, int start, int end) {
        for (int from = start; from < end; ) {
            int to = encoder.wordEnd(text, from, end);
            word.clear();
            encoder.word(text, from, to, word);
            addWord(vocabulary, text, from, to);
            from = to;
        }
    }

    private void addWord(Vocabulary vocabulary, byte[] text, int from, int to) {
        int wordEnd = position + Utf8.utf16Length(text, from, to);
        int bytes = 0;
        for (int i = 0; i < word.size(); i++) {
            bytes += vocabulary.length(word.get(i));
        }
        // Bytes missing in the vocabulary are dropped: which ones is unknown here.
        boolean complete = bytes == to - from;
        int at = from;
        for (int i = 0; i < word.size(); i++) {
            if (!complete) {
                add(word.get(i), position, wordEnd);
                continue;
            }
            int next = at + vocabulary.length(word.get(i));
            // The token begins inside of a character whose other bytes belong to the token before it.
            int characterStart = at;
            while (characterStart > from && isContinuation(text[characterStart])) {
                characterStart--;
            }
            int characterEnd = next;
            while (characterEnd < to && isContinuation(text[characterEnd])) {
                characterEnd++;
            }
            int tokenStart = position - Utf8.utf16Length(text, characterStart, at);
            add(word.get(i), tokenStart, tokenStart + Utf8.utf16Length(text, characterStart, characterEnd));
            position += Utf8.utf16Length(text, at, next);
            at = next;
        }
        position = wordEnd;
    }

    private static boolean isContinuation(byte value) {
        return value < (byte) 0xC0;
    }

    TokenizedText build() {
        return new TokenizedText(tokens.toArray(), starts.toArray(), ends.toArray());
    }
}
