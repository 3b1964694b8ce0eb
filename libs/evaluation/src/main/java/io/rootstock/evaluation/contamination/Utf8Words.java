package io.rootstock.evaluation.contamination;

/**
 * Splits UTF-8 into the words of {@link TextNormalizer} with their places. Words of ASCII and of letters that normalization does not
 * change are read in one pass; text between separators with other characters passes through the normalizer. Not safe for several
 * threads.
 */
final class Utf8Words {
    private static final char[] ASCII = TextNormalizer.ASCII;
    private static final int MAX_WORD_LENGTH = TextNormalizer.MAX_WORD_LENGTH;
    /** Characters for the normalizer at a time. */
    private static final int PART = 512;
    /** Places of the normalizer's last characters; a power of two above its look-back of 8192 and one part. */
    private static final int PLACES = 1 << 14;

    private final Words words;
    private final TextNormalizer normalizer = new TextNormalizer(this::normalized);
    private final char[] part = new char[PART];
    private final int[] places = new int[PLACES];
    private long fed;

    interface Words {
        /** Space for the letters of the next word. */
        char[] next();

        /**
         * Receives the word whose letters are in {@link #next}.
         *
         * @param length number of its letters
         * @param hash its {@link UnitHash#word}
         * @param from index of its first byte, or of a byte before it
         * @param to index after its last byte, or a later one
         * @param exact whether the bytes from {@code from} to {@code to} are its letters, which may differ in case
         */
        void word(int length, long hash, long from, long to, boolean exact);
    }

    Utf8Words(Words words) {
        this.words = words;
    }

    /** Splits a valid UTF-8 text. */
    void scan(byte[] utf8) {
        int at = 0;
        while (at < utf8.length) {
            at = segment(utf8, at);
        }
    }

    /** Reads up to and including the next separator; returns the index after it. */
    private int segment(byte[] utf8, int start) {
        char[] letters = words.next();
        long hash = UnitHash.FNV_OFFSET;
        int length = 0;
        int at = start;
        int separator = 0;
        while (at < utf8.length) {
            int lead = utf8[at];
            char letter;
            int bytes;
            if (lead >= 0) {
                letter = ASCII[lead];
                bytes = 1;
                if (letter == 0) {
                    separator = 1;
                    break;
                }
            } else {
                bytes = length(lead);
                letter = character(utf8, at, bytes);
                if (TextNormalizer.isNormalLetter(letter)) {
                    letter = Character.toLowerCase(letter);
                } else if (isSeparator(letter)) {
                    separator = bytes;
                    break;
                } else {
                    return normalize(utf8, start);
                }
            }
            if (length == MAX_WORD_LENGTH) {
                return normalize(utf8, start);
            }
            letters[length++] = letter;
            hash = UnitHash.with(hash, letter);
            at += bytes;
        }
        if (length > 0) {
            words.word(length, UnitHash.mixed(hash), start, at, true);
        }
        return at + separator;
    }

    private static int length(int lead) {
        return (lead & 0xE0) == 0xC0 ? 2 : (lead & 0xF0) == 0xE0 ? 3 : 4;
    }

    /** Returns a character of two or three bytes; 0 for one of four. */
    private static char character(byte[] utf8, int at, int bytes) {
        return switch (bytes) {
            case 2 -> (char) (((utf8[at] & 0x1F) << 6) | (utf8[at + 1] & 0x3F));
            case 3 -> (char) (((utf8[at] & 0x0F) << 12) | ((utf8[at + 1] & 0x3F) << 6) | (utf8[at + 2] & 0x3F));
            default -> 0;
        };
    }

    /**
     * Common punctuation and spaces outside of ASCII. Normalization leaves them, or makes spaces and punctuation of them, and combines
     * none of them with a neighbour, so that they separate words in the way ASCII does.
     */
    private static boolean isSeparator(char letter) {
        return letter == 0xA0
                || letter == 0xAB
                || letter == 0xBB
                || (letter >= 0x2010 && letter <= 0x2015)
                || (letter >= 0x2018 && letter <= 0x201F)
                || letter == 0x2026
                || (letter >= 0x3000 && letter <= 0x3002)
                || (letter >= 0x3008 && letter <= 0x3011)
                || letter == 0xFF01
                || letter == 0xFF08
                || letter == 0xFF09
                || letter == 0xFF0C
                || letter == 0xFF1A
                || letter == 0xFF1B
                || letter == 0xFF1F;
    }

    /** Passes the text up to the next separator through the normalizer; returns the index after the separator. */
    private int normalize(byte[] utf8, int start) {
        fed = 0;
        int at = start;
        int filled = 0;
        int separator = 0;
        while (at < utf8.length) {
            int lead = utf8[at];
            int bytes = lead >= 0 ? 1 : length(lead);
            char letter = lead >= 0 ? (char) lead : character(utf8, at, bytes);
            if (lead >= 0 ? ASCII[lead] == 0 : isSeparator(letter)) {
                separator = bytes;
                break;
            }
            places[(int) (fed + filled) & (PLACES - 1)] = at;
            if (bytes == 4) {
                int codePoint = ((lead & 0x07) << 18)
                        | ((utf8[at + 1] & 0x3F) << 12)
                        | ((utf8[at + 2] & 0x3F) << 6)
                        | (utf8[at + 3] & 0x3F);
                part[filled++] = Character.highSurrogate(codePoint);
                places[(int) (fed + filled) & (PLACES - 1)] = at;
                part[filled++] = Character.lowSurrogate(codePoint);
            } else {
                part[filled++] = letter;
            }
            at += bytes;
            if (filled >= PART - 1) {
                feed(filled, at);
                filled = 0;
            }
        }
        feed(filled, at);
        normalizer.end();
        return at + separator;
    }

    private void feed(int filled, int at) {
        fed += filled;
        places[(int) fed & (PLACES - 1)] = at;
        normalizer.add(part, 0, filled);
    }

    private void normalized(char[] letters, int length) {
        System.arraycopy(letters, 0, words.next(), 0, length);
        words.word(
                length,
                UnitHash.word(letters, length),
                places[(int) normalizer.wordFrom() & (PLACES - 1)],
                places[(int) normalizer.wordTo() & (PLACES - 1)],
                false);
    }
}
