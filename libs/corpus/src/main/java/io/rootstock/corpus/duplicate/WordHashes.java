package io.rootstock.corpus.duplicate;

/**
 * Reads the words of a UTF-8 text as 64-bit hashes (FNV-1a over lower-case code points). The bytes are valid UTF-8; a
 * truncated sequence at the end counts as a separator.
 */
final class WordHashes {
    private static final long OFFSET_BASIS = 0xCBF29CE484222325L;
    private static final long PRIME = 0x100000001B3L;
    private static final int ASCII = 128;
    /** Lower case of ASCII letters and digits, 0 for other characters. */
    private static final byte[] LOWER = new byte[ASCII];

    static {
        for (int c = 0; c < ASCII; c++) {
            LOWER[c] = CharacterTable.classOf(c) == CharacterTable.SEPARATOR ? 0 : (byte) CharacterTable.lower(c);
        }
    }

    private byte[] utf8 = {};
    private int position;

    /** Starts a text. */
    void start(byte[] text) {
        utf8 = text;
        position = 0;
    }

    /** Fills an array from an index with the hashes of the next words; returns the index behind the last one. */
    int fill(long[] words, int from) {
        byte[] bytes = utf8;
        int at = position;
        int count = from;
        long hash = OFFSET_BASIS;
        while (at < bytes.length && count < words.length) {
            byte value = bytes[at];
            if (value >= 0) {
                at++;
                byte lower = LOWER[value];
                if (lower != 0) {
                    hash = (hash ^ lower) * PRIME;
                } else if (hash != OFFSET_BASIS) {
                    words[count++] = hash;
                    hash = OFFSET_BASIS;
                }
                continue;
            }
            int length = sequenceLength(value);
            int codePoint = at + length <= bytes.length ? decode(bytes, at, length) : ' ';
            byte kind = CharacterTable.classOf(codePoint);
            if (kind == CharacterTable.OF_WORD) {
                hash = (hash ^ CharacterTable.lower(codePoint)) * PRIME;
                at += length;
            } else if (hash != OFFSET_BASIS) {
                words[count++] = hash;
                hash = OFFSET_BASIS;
            } else {
                at += length;
                if (kind == CharacterTable.WORD) {
                    words[count++] = (OFFSET_BASIS ^ codePoint) * PRIME;
                }
            }
        }
        if (hash != OFFSET_BASIS && count < words.length) {
            words[count++] = hash;
        }
        position = at;
        return count;
    }

    /** Whether the text has ended. */
    boolean ended() {
        return position >= utf8.length;
    }

    private static int sequenceLength(byte first) {
        int value = first & 0xFF;
        return value >= 0xF0 ? 4 : value >= 0xE0 ? 3 : value >= 0xC0 ? 2 : 1;
    }

    private static int decode(byte[] bytes, int at, int length) {
        int first = bytes[at] & 0xFF;
        return switch (length) {
            case 2 -> ((first & 0x1F) << 6) | rest(bytes[at + 1]);
            case 3 -> ((first & 0x0F) << 12) | (rest(bytes[at + 1]) << 6) | rest(bytes[at + 2]);
            case 4 ->
                Math.min(
                        Character.MAX_CODE_POINT,
                        ((first & 0x07) << 18)
                                | (rest(bytes[at + 1]) << 12)
                                | (rest(bytes[at + 2]) << 6)
                                | rest(bytes[at + 3]));
            default -> ' ';
        };
    }

    private static int rest(byte value) {
        return value & 0x3F;
    }
}
