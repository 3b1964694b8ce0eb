package io.rootstock.checkpoint.tokenizer;

import java.util.ArrayList;
import java.util.List;

/**
 * The GPT-2 byte alphabet: one visible character for each byte. 0x21-0x7E, 0xA1-0xAC and 0xAE-0xFF represent
 * themselves; the other 68 bytes, in order, are U+0100 and up.
 */
public final class ByteAlphabet {
    private static final List<String> LETTERS = build();

    private ByteAlphabet() {}

    /** Letters by byte value. */
    public static List<String> letters() {
        return LETTERS;
    }

    /** Converts a word of this alphabet to bytes. */
    static byte[] bytes(String word) {
        byte[] bytes = new byte[word.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) LETTERS.indexOf(word.substring(i, i + 1));
        }
        return bytes;
    }

    /**
     * Whether a vocabulary must contain the byte of this letter: line feed and printable ASCII. Others may be missing.
     */
    public static boolean necessary(String letter) {
        int value = LETTERS.indexOf(letter);
        return value == '\n' || (value >= ' ' && value <= '~');
    }

    private static List<String> build() {
        List<String> letters = new ArrayList<>();
        int next = 0x100;
        for (int value = 0; value < 0x100; value++) {
            boolean itself = (value >= 0x21 && value <= 0x7E) || (value >= 0xA1 && value != 0xAD);
            letters.add(Character.toString(itself ? value : next++));
        }
        return List.copyOf(letters);
    }
}
