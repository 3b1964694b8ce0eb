package io.rootstock.encoding.pretokenizer;

/** Character classes of the pre-tokenizers' patterns; a table covers the basic multilingual plane. */
final class CharacterClass {
    static final byte OTHER = 0;
    /** {@code \p{L}}. */
    static final byte LETTER = 1;
    /** {@code \p{N}}. */
    static final byte NUMBER = 2;
    /** {@code \s}: the Unicode property White_Space, whose members are all in the basic multilingual plane. */
    static final byte SPACE = 3;

    private static final byte[] BASIC_PLANE = basicPlane();

    private CharacterClass() {}

    /** Returns the class of the code point at {@code index}; a lone surrogate is {@link #OTHER}. */
    static byte at(char[] text, int index, int end) {
        char first = text[index];
        if (Character.isHighSurrogate(first) && index + 1 < end && Character.isLowSurrogate(text[index + 1])) {
            return of(Character.toCodePoint(first, text[index + 1]));
        }
        return BASIC_PLANE[first];
    }

    /** Returns the number of chars, 1 or 2, of the code point at {@code index}. */
    static int length(char[] text, int index, int end) {
        return Character.isHighSurrogate(text[index]) && index + 1 < end && Character.isLowSurrogate(text[index + 1])
                ? 2
                : 1;
    }

    /** Returns the first index from {@code index} whose code point is not in that class. */
    static int skip(char[] text, int index, int end, byte characterClass) {
        int position = index;
        while (position < end && at(text, position, end) == characterClass) {
            position += length(text, position, end);
        }
        return position;
    }

    private static byte of(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.UPPERCASE_LETTER,
                    Character.LOWERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER -> LETTER;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> NUMBER;
            case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> SPACE;
            default -> (codePoint >= 0x09 && codePoint <= 0x0D) || codePoint == 0x85 ? SPACE : OTHER;
        };
    }

    private static byte[] basicPlane() {
        byte[] table = new byte[1 << 16];
        for (int codePoint = 0; codePoint < table.length; codePoint++) {
            table[codePoint] = of(codePoint);
        }
        return table;
    }
}
