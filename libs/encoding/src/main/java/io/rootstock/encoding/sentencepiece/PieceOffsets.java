package io.rootstock.encoding.sentencepiece;

import io.rootstock.encoding.TokenBuffer;
import io.rootstock.encoding.TokenizedText;
import io.rootstock.encoding.Utf8;
import java.util.function.IntUnaryOperator;

/** Collects the positions of the tokens of one text. */
final class PieceOffsets {
    private static final int MARK_BYTES = 3;

    private final byte[] text;
    private final TokenBuffer tokens;
    private final TokenBuffer starts = new TokenBuffer();
    private final TokenBuffer ends = new TokenBuffer();

    /** Number of {@code char}s before the next part. */
    private int position;

    /**
     * @param text valid UTF-8
     * @param tokens receives the tokens of the text, in order
     */
    PieceOffsets(byte[] text, TokenBuffer tokens) {
        this.text = text;
        this.tokens = tokens;
    }

    /** Adds positions of the special tokens that were added to the tokens, of these numbers of characters. */
    void addSpecial(IntUnaryOperator characters) {
        while (starts.size() < tokens.size()) {
            int length = characters.applyAsInt(tokens.get(starts.size()));
            add(position, position + length);
            position += length;
        }
    }

    /**
     * Adds positions of the tokens of the part {@code [from, to)} that were added to the tokens.
     *
     * @param normalizedLength number of bytes of the normalized part
     * @param lengths number of bytes of a token in normalized text
     */
    void addPart(int from, int to, int normalizedLength, IntUnaryOperator lengths) {
        int[] origins = origins(from, to, normalizedLength);
        int[] characterStarts = new int[to - from];
        int[] characterEnds = new int[to - from];
        locateCharacters(from, to, characterStarts, characterEnds);
        for (int at = 0; starts.size() < tokens.size(); ) {
            int end = at + lengths.applyAsInt(tokens.get(starts.size()));
            add(characterStarts[origins[at]], characterEnds[origins[end - 1]]);
            at = end;
        }
        position = characterEnds[to - from - 1];
    }

    /** Returns the byte of the part from which each byte of the normalized part is. */
    private int[] origins(int from, int to, int normalizedLength) {
        int[] origins = new int[normalizedLength];
        int blanks = 0;
        for (int i = from; i < to; i++) {
            blanks += text[i] == ' ' ? 1 : 0;
        }
        // Bytes of the blank that was added before the part.
        int at = normalizedLength - (to - from) - blanks * (MARK_BYTES - 1);
        for (int i = from; i < to; i++) {
            int count = text[i] == ' ' ? MARK_BYTES : 1;
            for (int k = 0; k < count; k++) {
                origins[at++] = i - from;
            }
        }
        return origins;
    }

    /** Finds the first {@code char} and the one after the last of the character that each byte belongs to. */
    private void locateCharacters(int from, int to, int[] characterStarts, int[] characterEnds) {
        int character = position;
        for (int i = from; i < to; ) {
            int length = PieceSymbols.characterLength(text, i, to);
            int end = character + Utf8.utf16Length(text, i, i + length);
            for (int k = 0; k < length; k++) {
                characterStarts[i + k - from] = character;
                characterEnds[i + k - from] = end;
            }
            character = end;
            i += length;
        }
    }

    private void add(int start, int end) {
        starts.add(start);
        ends.add(end);
    }

    TokenizedText build() {
        return new TokenizedText(tokens.toArray(), starts.toArray(), ends.toArray());
    }
}
