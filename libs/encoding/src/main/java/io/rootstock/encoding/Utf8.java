package io.rootstock.encoding;

import java.nio.charset.StandardCharsets;

/** UTF-8 of Java's strings. */
public final class Utf8 {
    private static final String REPLACEMENT = "\uFFFD";

    private Utf8() {}

    /** Returns the UTF-8 of {@code text[from, to)}; a lone surrogate becomes U+FFFD. */
    public static byte[] encode(String text, int from, int to) {
        int surrogate = loneSurrogate(text, from, to);
        String part = text.substring(from, to);
        // Java writes a lone surrogate as a question mark.
        return (surrogate < 0 ? part : replaced(part)).getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the number of UTF-16 units of valid UTF-8 {@code text[from, to)}; an invalid byte counts as one. */
    public static int utf16Length(byte[] text, int from, int to) {
        int units = 0;
        for (int i = from; i < to; i++) {
            int value = Byte.toUnsignedInt(text[i]);
            // Continuation bytes belong to the unit before them; sequences of four bytes are two units.
            units += value < 0x80 ? 1 : value < 0xC0 ? 0 : value < 0xF0 ? 1 : 2;
        }
        return units;
    }

    private static int loneSurrogate(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char character = text.charAt(i);
            if (Character.isSurrogate(character)) {
                if (Character.isHighSurrogate(character)
                        && i + 1 < to
                        && Character.isLowSurrogate(text.charAt(i + 1))) {
                    i++;
                } else {
                    return i;
                }
            }
        }
        return -1;
    }

    private static String replaced(String text) {
        StringBuilder valid = new StringBuilder(text.length());
        text.codePoints().forEach(codePoint -> {
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                valid.append(REPLACEMENT);
            } else {
                valid.appendCodePoint(codePoint);
            }
        });
        return valid.toString();
    }
}
