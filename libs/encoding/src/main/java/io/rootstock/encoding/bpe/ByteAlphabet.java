package io.rootstock.encoding.bpe;

/**
 * GPT-2's byte alphabet: a printable character for each byte, and the order of the bytes with ids 0 to 255.
 *
 * <p>Printable bytes come first and represent themselves ({@code 0x21-0x7E}, {@code 0xA1-0xAC}, {@code 0xAE-0xFF}); the
 * other 68 bytes follow as {@code U+0100} and up; a blank is {@code U+0117}.
 */
public final class ByteAlphabet {
    /** Number of bytes, and of the ids that represent one byte. */
    public static final int SIZE = 256;

    private static final int[] BYTE_OF_ID = new int[SIZE];
    private static final int[] ID_OF_BYTE = new int[SIZE];
    private static final char[] CHARACTER_OF_BYTE = new char[SIZE];
    private static final int[] BYTE_OF_CHARACTER = new int[2 * SIZE];

    static {
        int id = 0;
        for (int value = 0; value < SIZE; value++) {
            if (printsAsItself(value)) {
                put(id++, value, (char) value);
            }
        }
        int other = 0;
        for (int value = 0; value < SIZE; value++) {
            if (!printsAsItself(value)) {
                put(id++, value, (char) (SIZE + other++));
            }
        }
    }

    private ByteAlphabet() {}

    /** Returns the byte, 0 to 255, of an id from 0 to 255. */
    public static int byteOf(int id) {
        return BYTE_OF_ID[id];
    }

    /** Returns the id of a byte, 0 to 255. */
    public static int idOf(int value) {
        return ID_OF_BYTE[value];
    }

    /** Converts bytes to the alphabet: {@code " a"} becomes {@code "Ġa"}. */
    public static String spell(byte[] bytes) {
        StringBuilder result = new StringBuilder(bytes.length);
        for (byte value : bytes) {
            result.append(CHARACTER_OF_BYTE[Byte.toUnsignedInt(value)]);
        }
        return result.toString();
    }

    /**
     * Converts a word of the alphabet to bytes.
     *
     * @throws IllegalArgumentException if a character is not in the alphabet
     */
    public static byte[] bytes(String spelled) {
        byte[] result = new byte[spelled.length()];
        for (int i = 0; i < result.length; i++) {
            char character = spelled.charAt(i);
            int value = character < BYTE_OF_CHARACTER.length ? BYTE_OF_CHARACTER[character] - 1 : -1;
            if (value < 0) {
                throw new IllegalArgumentException("'" + spelled + "' is not spelled in GPT-2's byte alphabet");
            }
            result[i] = (byte) value;
        }
        return result;
    }

    private static boolean printsAsItself(int value) {
        return (value >= 0x21 && value <= 0x7E) || (value >= 0xA1 && value <= 0xAC) || value >= 0xAE;
    }

    private static void put(int id, int value, char character) {
        BYTE_OF_ID[id] = value;
        ID_OF_BYTE[value] = id;
        CHARACTER_OF_BYTE[value] = character;
        // The byte plus one, so that zero means none.
        BYTE_OF_CHARACTER[character] = value + 1;
    }
}
