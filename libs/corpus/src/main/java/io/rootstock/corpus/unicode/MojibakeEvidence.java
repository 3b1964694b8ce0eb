package io.rootstock.corpus.unicode;

/**
 * Decides whether a run of characters, whose windows-1252 bytes are valid UTF-8, is mojibake.
 *
 * <p>Clean text has such runs too: a letter followed by quotes, dashes, ellipses or a non-breaking space, as in "Spaß“"
 * or "hâlâ…”". These need more evidence: a control character, several sequences in one run, or an upper-case letter
 * directly after a lower-case one.
 */
final class MojibakeEvidence {
    /** Characters that follow a word in clean text: quotes, dashes, signs, ordinals, spaces. */
    private static final String AFTER_WORDS =
            "\u2026\u201C\u201D\u2018\u2019\u201E\u201A\u2039\u203A\u2013\u2014\u2122\u2022\u2020\u2021\u2030\u20AC"
                    + "\u00A0\u00A1\u00A2\u00A3\u00A5\u00A7\u00A9\u00AA\u00AB\u00AD\u00AE\u00B0\u00B1\u00B2\u00B3\u00B4"
                    + "\u00B6\u00B7\u00B9\u00BA\u00BB\u00BC\u00BD\u00BE\u00BF";

    /** U+FEFF at the beginning of a text. */
    private static final String BYTE_ORDER_MARK = "\u00EF\u00BB\u00BF";

    private static final int PAIRS = 3;
    private static final int TRIPLES = 2;

    private MojibakeEvidence() {}

    /**
     * Whether a run is mojibake.
     *
     * @param bytes windows-1252 bytes of the run, valid UTF-8 without ASCII
     */
    static boolean isSufficient(String text, int from, int to, byte[] bytes) {
        int pairs = 0;
        int triples = 0;
        for (int at = 0; at < bytes.length; ) {
            int lead = bytes[at] & 0xFF;
            int length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
            if (isStrong(text, from + at, lead, length)) {
                return true;
            }
            pairs += length == 2 ? 1 : 0;
            triples += length == 3 ? 1 : 0;
            at += length;
        }
        if (pairs >= PAIRS || triples >= TRIPLES) {
            return true;
        }
        return bytes.length == 2 && followsLowerCase(text, from, to, bytes[0] & 0xFF);
    }

    /** Whether a sequence of characters that begins at an index occurs in mojibake only. */
    private static boolean isStrong(String text, int at, int lead, int length) {
        boolean allAfterWords = true;
        for (int i = at + 1; i < at + length; i++) {
            char character = text.charAt(i);
            if (character >= 0x80 && character < 0xA0) {
                return true;
            }
            allAfterWords &= AFTER_WORDS.indexOf(character) >= 0;
        }
        return switch (lead) {
            case 0xC3 -> !allAfterWords;
            case 0xEF -> !allAfterWords || (at == 0 && text.startsWith(BYTE_ORDER_MARK));
            case 0xE2 -> !allAfterWords || text.charAt(at + 1) == '\u20AC';
            case 0xF0 -> text.charAt(at + 1) == '\u0178';
            default -> false;
        };
    }

    /** Whether a pair with an upper-case letter from Â to Å follows a lower-case letter: "cafÃ»" is not a word. */
    private static boolean followsLowerCase(String text, int from, int to, int lead) {
        boolean after = from > 0 && isLowerCase(text.charAt(from - 1));
        boolean before = to < text.length() && isLowerCase(text.charAt(to));
        return switch (lead) {
            case 0xC2, 0xC3 -> after || (before && (from == 0 || !Character.isLetter(text.charAt(from - 1))));
            case 0xC4, 0xC5 -> after && before;
            default -> false;
        };
    }

    private static boolean isLowerCase(char character) {
        return character >= 'a' && character <= 'z';
    }
}
