package io.rootstock.encoding.sentencepiece;

/**
 * One entry of a SentencePiece vocabulary.
 *
 * @param text text with {@link Pieces#MARK} for blanks; of a byte, such as {@code <0x0A>}
 * @param score priority of merging, higher is earlier
 */
public record Piece(String text, float score, Type type) {

    /** Kinds of pieces, by their number in SentencePiece's files. */
    public enum Type {
        /** Result of merges, or a character. */
        NORMAL,
        /** Represents characters without a piece, unless bytes do. */
        UNKNOWN,
        /** Not in text, such as BOS. */
        CONTROL,
        /** Always one token where it occurs in text. */
        USER_DEFINED,
        /** Has a place in the vocabulary only. */
        UNUSED,
        /** One byte of a character without a piece. */
        BYTE;

        /** Number of types. */
        static final int COUNT = values().length;

        /** Returns the type of a number, 1 to {@link #COUNT}. */
        static Type ofNumber(int number) {
            return values()[number - 1];
        }
    }
}
