package io.rootstock.encoding.pretokenizer;

/**
 * Cases of letters and marks in the patterns of words, which may overlap; a table covers the basic multilingual plane.
 */
final class LetterCase {
    /** {@code [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]}. */
    static final byte UPPER = 1;
    /** {@code [\p{Ll}\p{Lm}\p{Lo}\p{M}]}. */
    static final byte LOWER = 2;

    private static final byte[] BASIC_PLANE = basicPlane();

    private LetterCase() {}

    /** Returns {@link #UPPER}, {@link #LOWER} or both; 0 if the code point is neither a letter nor a mark. */
    static byte at(char[] text, int index, int end) {
        return CharacterClass.length(text, index, end) == 1
                ? BASIC_PLANE[text[index]]
                : of(Character.toCodePoint(text[index], text[index + 1]));
    }

    /** Returns the first index from {@code index} whose code point does not have that case. */
    static int skip(char[] text, int index, int end, byte letterCase) {
        int position = index;
        while (position < end && (at(text, position, end) & letterCase) != 0) {
            position += CharacterClass.length(text, position, end);
        }
        return position;
    }

    private static byte of(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.UPPERCASE_LETTER, Character.TITLECASE_LETTER -> UPPER;
            case Character.LOWERCASE_LETTER -> LOWER;
            case Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER,
                    Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.COMBINING_SPACING_MARK -> UPPER | LOWER;
            default -> 0;
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
