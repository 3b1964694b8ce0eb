package io.rootstock.corpus.quality;

/** Classes of code points, as bit sets in a table for the basic plane. */
final class CharacterClass {
    /** Letter, combining mark or number: part of a word. */
    static final int WORD = 1;

    /** Letter (Unicode categories L*); Python's {@code isalpha}. */
    static final int LETTER = 2;

    /** Decimal digit (Nd). */
    static final int DIGIT = 4;

    /** Han ideograph or Hiragana: a word by itself, since these scripts have no spaces. */
    static final int IDEOGRAPH = 8;

    /** White space; Python's {@code str.isspace}. */
    static final int SPACE = 16;

    /** Line boundary of Python's {@code str.splitlines}. */
    static final int LINE_BREAK = 32;

    /** Member of datatrove's {@code PUNCTUATION}. */
    static final int PUNCTUATION = 64;

    /** Member of datatrove's {@code TERMINAL_PUNCTUATION}. */
    static final int TERMINAL = 128;

    /** Classes of ASCII characters, by byte. */
    static final byte[] ASCII = new byte[128];

    private static final byte[] BASIC_PLANE = new byte[1 << 16];

    private static final String SPACES = "\t\n\u000B\f\r\u001C\u001D\u001E\u001F \u0085\u00A0\u1680\u2000\u2001\u2002"
            + "\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000";
    private static final String LINE_BREAKS = "\n\u000B\f\r\u001C\u001D\u001E\u0085\u2028\u2029";

    /** Printable members outside of ASCII, of which all punctuation belongs to the set. */
    private static final String PUNCTUATION_BEYOND_ASCII = "«´»–—’“”„…∶━►、。〈〉《》「」【】！％（），．１：；？～";

    /** Inclusive ranges of code points, in pairs. */
    private static final int[] TERMINAL_RANGES = {
        0x0021, 0x0021, 0x002E, 0x002E, 0x003F, 0x003F, 0x0589, 0x0589, 0x061D, 0x061F, 0x06D4, 0x06D4, 0x0700, 0x0702,
        0x07F9, 0x07F9, 0x0837, 0x0837, 0x0839, 0x0839, 0x083D, 0x083E, 0x0964, 0x0965, 0x104A, 0x104B, 0x1362, 0x1362,
        0x1367, 0x1368, 0x166E, 0x166E, 0x1735, 0x1736, 0x17D4, 0x17D6, 0x17D9, 0x17DA, 0x1803, 0x1803, 0x1809, 0x1809,
        0x1944, 0x1945, 0x1AA8, 0x1AAB, 0x1B5A, 0x1B5B, 0x1B5E, 0x1B5F, 0x1B7D, 0x1B7E, 0x1C3B, 0x1C3C, 0x1C7E, 0x1C7F,
        0x203C, 0x203D, 0x2047, 0x2049, 0x2E2E, 0x2E2E, 0x2E3C, 0x2E3C, 0x2E53, 0x2E54, 0x3002, 0x3002, 0xA4FF, 0xA4FF,
        0xA60E, 0xA60F, 0xA6F3, 0xA6F3, 0xA6F7, 0xA6F7, 0xA876, 0xA877, 0xA8CE, 0xA8CF, 0xA92F, 0xA92F, 0xA9C8, 0xA9C9,
        0xAA5D, 0xAA5F, 0xAAF0, 0xAAF1, 0xABEB, 0xABEB, 0xFE52, 0xFE52, 0xFE56, 0xFE57, 0xFF01, 0xFF01, 0xFF0E, 0xFF0E,
        0xFF1F, 0xFF1F, 0xFF61, 0xFF61, 0x10A56, 0x10A57, 0x10F55, 0x10F59, 0x10F86, 0x10F89, 0x11047, 0x11048, 0x110BE,
        0x110C1, 0x11141, 0x11143, 0x111C5, 0x111C6, 0x111CD, 0x111CD, 0x111DE, 0x111DF, 0x11238, 0x11239, 0x1123B,
        0x1123C, 0x112A9, 0x112A9, 0x1144B, 0x1144C, 0x115C2, 0x115C3, 0x115C9, 0x115D7, 0x11641, 0x11642, 0x1173C,
        0x1173E, 0x11944, 0x11944, 0x11946, 0x11946, 0x11A42, 0x11A43, 0x11A9B, 0x11A9C, 0x11C41, 0x11C42, 0x11EF7,
        0x11EF8, 0x11F43, 0x11F44, 0x16A6E, 0x16A6F, 0x16AF5, 0x16AF5, 0x16B37, 0x16B38, 0x16B44, 0x16B44, 0x16E98,
        0x16E98, 0x1BC9F, 0x1BC9F, 0x1DA88, 0x1DA88,
    };

    static {
        for (int codePoint = 0; codePoint < BASIC_PLANE.length; codePoint++) {
            BASIC_PLANE[codePoint] = (byte) compute(codePoint);
        }
        System.arraycopy(BASIC_PLANE, 0, ASCII, 0, ASCII.length);
    }

    private CharacterClass() {}

    /** Returns the classes of a code point. */
    static int of(int codePoint) {
        return codePoint < BASIC_PLANE.length ? BASIC_PLANE[codePoint] & 0xFF : compute(codePoint);
    }

    private static int compute(int codePoint) {
        int classes = isTerminal(codePoint) ? TERMINAL : 0;
        if (isPunctuation(codePoint)) {
            classes |= PUNCTUATION;
        }
        if (codePoint < BASIC_PLANE.length && SPACES.indexOf(codePoint) >= 0) {
            return classes | SPACE | (LINE_BREAKS.indexOf(codePoint) >= 0 ? LINE_BREAK : 0);
        }
        int type = Character.getType(codePoint);
        boolean number = type == Character.DECIMAL_DIGIT_NUMBER
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER;
        boolean mark = type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
        boolean letter = Character.isLetter(codePoint);
        if (letter || number || mark) {
            classes |= WORD | (letter ? LETTER : 0) | (type == Character.DECIMAL_DIGIT_NUMBER ? DIGIT : 0);
            boolean hiragana = Character.UnicodeScript.of(codePoint) == Character.UnicodeScript.HIRAGANA;
            classes |= Character.isIdeographic(codePoint) || hiragana ? IDEOGRAPH : 0;
        }
        return classes;
    }

    private static boolean isPunctuation(int codePoint) {
        if (codePoint <= ' ') {
            return codePoint != '\t' && codePoint != '\n' && codePoint != ' ';
        }
        if (codePoint < 127) {
            return !Character.isLetterOrDigit(codePoint);
        }
        return codePoint < 160 || (codePoint < BASIC_PLANE.length && PUNCTUATION_BEYOND_ASCII.indexOf(codePoint) >= 0);
    }

    private static boolean isTerminal(int codePoint) {
        for (int range = 0; range < TERMINAL_RANGES.length; range += 2) {
            if (codePoint >= TERMINAL_RANGES[range] && codePoint <= TERMINAL_RANGES[range + 1]) {
                return true;
            }
        }
        return false;
    }
}
