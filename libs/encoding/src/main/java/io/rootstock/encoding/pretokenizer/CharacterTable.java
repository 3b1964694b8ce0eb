package io.rootstock.encoding.pretokenizer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Properties of all Unicode code points, looked up directly by their UTF-8 bytes.
 *
 * <p>A two-stage table with blocks of 64 code points: the last byte of a UTF-8 sequence has 6 bits of payload, so the
 * bytes before it are the block number and no code point is computed. The properties are those of the Java runtime's
 * version of Unicode.
 */
final class CharacterTable {
    /** {@code \p{L}}. */
    static final int LETTER = 1;
    /** {@code \p{N}}. */
    static final int NUMBER = 2;
    /** {@code \s}: the Unicode property White_Space. */
    static final int SPACE = 4;
    /** {@code [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]}. */
    static final int UPPER = 8;
    /** {@code [\p{Ll}\p{Lm}\p{Lo}\p{M}]}. */
    static final int LOWER = 16;
    /** {@code [^\s\p{L}\p{N}]}; also a byte that is not part of a valid UTF-8 sequence. */
    static final int OTHER = 32;

    /** Position of the number of bytes in a result of {@link #at}. */
    static final int LENGTH_SHIFT = 8;

    private static final int BLOCK = 64;
    private static final int INVALID = 1 << LENGTH_SHIFT | OTHER;

    /** Properties and length of ASCII characters. */
    private static final int[] ASCII = new int[128];

    private static final char[] OFFSETS = new char[(Character.MAX_CODE_POINT + 1) / BLOCK];
    private static final byte[] PROPERTIES = fill();

    private CharacterTable() {}

    /**
     * Returns the properties of the character at {@code index} and, shifted by {@link #LENGTH_SHIFT}, its number of
     * bytes. A byte that begins no valid sequence in {@code [index, end)} is a character of its own.
     */
    static int at(byte[] text, int index, int end) {
        byte first = text[index];
        return first >= 0 ? ASCII[first] : several(text, index, end);
    }

    /**
     * Returns the index behind a character.
     *
     * @param character result of {@link #at} for {@code index}
     */
    static int after(int index, int character) {
        int length = character >>> LENGTH_SHIFT;
        // The processor predicts a branch, and reads on without waiting for the length in the table.
        if (length == 1) {
            return index + 1;
        }
        return length == 3 ? index + 3 : index + length;
    }

    /** Returns the first index from {@code index} whose character has none of these properties. */
    static int skip(byte[] text, int index, int end, int properties) {
        int position = index;
        while (position < end) {
            int character = at(text, position, end);
            if ((character & properties) == 0) {
                break;
            }
            position = after(position, character);
        }
        return position;
    }

    private static int several(byte[] text, int index, int end) {
        int first = text[index] & 0xFF;
        if (first < 0xC2 || index + 1 >= end) {
            return INVALID;
        }
        int second = text[index + 1];
        if (second >= (byte) 0xC0) {
            return INVALID;
        }
        if (first < 0xE0) {
            return look(first & 0x1F, second) | 2 << LENGTH_SHIFT;
        }
        if (index + 2 >= end || text[index + 2] >= (byte) 0xC0) {
            return INVALID;
        }
        int twoBytes = (first & 0x0F) << 6 | (second & 0x3F);
        if (first < 0xF0) {
            // Not overlong, not a surrogate.
            boolean valid = twoBytes >= 0x20 && (twoBytes < 0x360 || twoBytes >= 0x380);
            return valid ? look(twoBytes, text[index + 2]) | 3 << LENGTH_SHIFT : INVALID;
        }
        boolean valid = first < 0xF5
                && twoBytes >= 0x10
                && twoBytes < 0x110
                && index + 3 < end
                && text[index + 3] < (byte) 0xC0;
        return valid ? look(twoBytes << 6 | (text[index + 2] & 0x3F), text[index + 3]) | 4 << LENGTH_SHIFT : INVALID;
    }

    private static int look(int block, int last) {
        return PROPERTIES[OFFSETS[block] + (last & 0x3F)];
    }

    private static byte[] fill() {
        Map<String, Integer> known = new HashMap<>();
        byte[] properties = new byte[1 << 12];
        int size = 0;
        StringBuilder key = new StringBuilder();
        for (int block = 0; block < OFFSETS.length; block++) {
            key.setLength(0);
            for (int i = 0; i < BLOCK; i++) {
                key.append((char) of(block * BLOCK + i));
            }
            Integer offset = known.putIfAbsent(key.toString(), size);
            if (offset == null) {
                offset = size;
                if (size + BLOCK > properties.length) {
                    properties = Arrays.copyOf(properties, properties.length * 2);
                }
                for (int i = 0; i < BLOCK; i++) {
                    properties[size++] = (byte) key.charAt(i);
                }
            }
            OFFSETS[block] = (char) (int) offset;
        }
        for (int character = 0; character < ASCII.length; character++) {
            ASCII[character] = 1 << LENGTH_SHIFT | of(character);
        }
        return properties;
    }

    private static int of(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.UPPERCASE_LETTER, Character.TITLECASE_LETTER -> LETTER | UPPER;
            case Character.LOWERCASE_LETTER -> LETTER | LOWER;
            case Character.MODIFIER_LETTER, Character.OTHER_LETTER -> LETTER | UPPER | LOWER;
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK ->
                OTHER | UPPER | LOWER;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> NUMBER;
            case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> SPACE;
            default -> (codePoint >= 0x09 && codePoint <= 0x0D) || codePoint == 0x85 ? SPACE : OTHER;
        };
    }
}
