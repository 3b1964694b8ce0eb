package io.rootstock.corpus.duplicate;

import java.lang.Character.UnicodeScript;

/**
 * Class and lower case of code points for the words of {@link WordHashes}. Letters, digits and marks belong to words; a
 * letter of a script that is written without spaces, or whose words change with endings (Korean), is a word of its own.
 */
final class CharacterTable {
    static final byte SEPARATOR = 0;
    static final byte OF_WORD = 1;
    static final byte WORD = 2;

    private static final int BASIC = 1 << 16;
    private static final byte[] CLASSES = new byte[BASIC];
    private static final char[] LOWER = new char[BASIC];

    static {
        for (int c = 0; c < BASIC; c++) {
            CLASSES[c] = compute(c);
            LOWER[c] = (char) Character.toLowerCase(c);
        }
    }

    private CharacterTable() {}

    static byte classOf(int codePoint) {
        return codePoint < BASIC ? CLASSES[codePoint] : compute(codePoint);
    }

    static int lower(int codePoint) {
        return codePoint < BASIC ? LOWER[codePoint] : Character.toLowerCase(codePoint);
    }

    private static byte compute(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.DECIMAL_DIGIT_NUMBER,
                    Character.LETTER_NUMBER -> OF_WORD;
            case Character.UPPERCASE_LETTER,
                    Character.LOWERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER -> isAlone(UnicodeScript.of(codePoint)) ? WORD : OF_WORD;
            default -> SEPARATOR;
        };
    }

    private static boolean isAlone(UnicodeScript script) {
        return switch (script) {
            case HANGUL, HAN, HIRAGANA, KATAKANA, BOPOMOFO, YI, THAI, LAO, KHMER, MYANMAR, TIBETAN -> true;
            default -> false;
        };
    }
}
