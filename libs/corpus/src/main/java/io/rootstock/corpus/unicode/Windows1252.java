package io.rootstock.corpus.unicode;

/**
 * The bytes that characters have in windows-1252, as the WHATWG Encoding Standard defines it: the five bytes without a
 * character (81, 8D, 8F, 90, 9D) are control characters. Control characters U+0080 to U+009F have their ISO-8859-1 byte.
 */
final class Windows1252 {
    /** Characters of the bytes 0x80 to 0x9F. */
    private static final String SPECIAL =
            "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F"
                    + "\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";

    private Windows1252() {}

    /** Returns the byte, 0x80 to 0xFF, of a character outside of ASCII; -1 if it has none. */
    static int encode(char character) {
        if (character >= 0x80 && character <= 0xFF) {
            return character;
        }
        int index = character < 0x100 ? -1 : SPECIAL.indexOf(character);
        return index < 0 ? -1 : 0x80 + index;
    }

    /** Returns the character of a byte, 0x80 to 0xFF. */
    static char decode(int value) {
        return value < 0xA0 ? SPECIAL.charAt(value - 0x80) : (char) value;
    }
}
