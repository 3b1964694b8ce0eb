package io.rootstock.encoding.bpe;

/** Encodes a range of a char array to UTF-8 without creating a String. */
final class Utf8 {
    /** Maximum number of bytes for one char. */
    static final int BYTES_PER_CHAR = 3;

    private Utf8() {}

    /**
     * Writes the UTF-8 of {@code text[start, end)} to {@code bytes} from {@code at}; there must be room for
     * {@link #BYTES_PER_CHAR} bytes per char. A lone surrogate becomes U+FFFD.
     *
     * @return index after the last byte
     */
    static int encode(char[] text, int start, int end, byte[] bytes, int at) {
        int out = at;
        for (int i = start; i < end; i++) {
            int character = text[i];
            if (character < 0x80) {
                bytes[out++] = (byte) character;
            } else if (character < 0x800) {
                bytes[out++] = (byte) (0xC0 | character >> 6);
                bytes[out++] = (byte) (0x80 | (character & 0x3F));
            } else if (Character.isSurrogate(text[i])
                    && Character.isHighSurrogate(text[i])
                    && i + 1 < end
                    && Character.isLowSurrogate(text[i + 1])) {
                int codePoint = Character.toCodePoint(text[i], text[++i]);
                bytes[out++] = (byte) (0xF0 | codePoint >> 18);
                bytes[out++] = (byte) (0x80 | (codePoint >> 12 & 0x3F));
                bytes[out++] = (byte) (0x80 | (codePoint >> 6 & 0x3F));
                bytes[out++] = (byte) (0x80 | (codePoint & 0x3F));
            } else {
                int valid = Character.isSurrogate(text[i]) ? 0xFFFD : character;
                bytes[out++] = (byte) (0xE0 | valid >> 12);
                bytes[out++] = (byte) (0x80 | (valid >> 6 & 0x3F));
                bytes[out++] = (byte) (0x80 | (valid & 0x3F));
            }
        }
        return out;
    }
}
