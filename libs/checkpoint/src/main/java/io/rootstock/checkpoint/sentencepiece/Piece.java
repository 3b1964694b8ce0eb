package io.rootstock.checkpoint.sentencepiece;

/**
 * One entry of a SentencePiece vocabulary.
 *
 * @param text text with {@link #MARK} for blanks; of a byte, such as {@code <0x0A>}
 * @param score priority of merging, higher is earlier
 */
public record Piece(String text, float score, Type type) {
    /** The mark for a blank, U+2581. */
    public static final String MARK = "\u2581";

    /** Returns the byte, 0 to 255, of a piece such as {@code <0x0A>}; -1 if it is not of that form. */
    public static int byteOf(String text) {
        if (text.length() != 6 || !text.startsWith("<0x") || !text.endsWith(">")) {
            return -1;
        }
        int high = Character.digit(text.charAt(3), 16);
        int low = Character.digit(text.charAt(4), 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    /** Kinds of pieces, by their number in SentencePiece's files. */
    public enum Type {
        /** Result of merges, or a character. */
        NORMAL(1),
        /** Represents characters without a piece, unless bytes do. */
        UNKNOWN(2),
        /** Not in text, such as BOS. */
        CONTROL(3),
        /** Always one token where it occurs in text. */
        USER_DEFINED(4),
        /** Has a place in the vocabulary only. */
        UNUSED(5),
        /** One byte of a character without a piece. */
        BYTE(6);

        private final int number;

        Type(int number) {
            this.number = number;
        }

        /** Number of types. */
        static final int COUNT = values().length;

        /** Returns the type of a number, 1 to {@link #COUNT}. */
        static Type ofNumber(int number) {
            return values()[number - 1];
        }

        /** Number of this type in SentencePiece's and GGUF files, 1 to 6. */
        public int number() {
            return number;
        }
    }
}
