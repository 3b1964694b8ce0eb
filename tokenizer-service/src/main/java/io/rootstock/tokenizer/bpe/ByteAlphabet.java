package io.rootstock.tokenizer.bpe;

/**
 * GPT-2's byte alphabet: a printable character for each byte, and the order of bytes that ids 0 to 255 follow.
 *
 * <p>The bytes that print as themselves come first ({@code 0x21-0x7E}, {@code 0xA1-0xAC}, {@code 0xAE-0xFF}), then the
 * other 68 as {@code U+0100} and on; a blank is {@code U+0120}.
 */
public final class ByteAlphabet {
    /** Number of bytes, and so of ids that stand for one byte. */
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

    /** The byte, 0 to 255, that id 0 to 255 stands for. */
    public static int byteOf(int id) {
        return BYTE_OF_ID[id];
    }

    /** The id of a byte, 0 to 255. */
    public static int idOf(int value) {
        return ID_OF_BYTE[value];
    }

    /** Bytes in the alphabet: {@code " a"} gives {@code "Ġa"}. */
    public static String spell(byte[] bytes) {
        StringBuilder result = new StringBuilder(bytes.length);
        for (byte value : bytes) {
            result.append(CHARACTER_OF_BYTE[Byte.toUnsignedInt(value)]);
        }
        return result.toString();
    }

    /**
     * The bytes that a word of the alphabet spells.
     *
     * @throws IllegalArgumentException where a character is not of the alphabet
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
        // One more than the byte, so that zero means none.
        BYTE_OF_CHARACTER[character] = value + 1;
    }
}
