package io.rootstock.corpus.duplicate;

/** Normal form of percent-encoded text (RFC 3986, sections 2.3 and 6.2.2). */
final class PercentEncoding {
    private static final String HEX = "0123456789ABCDEF";

    private PercentEncoding() {}

    /** Decodes unreserved characters and writes other encodings in upper case. */
    static String normalise(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        StringBuilder normal = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            int value = text.charAt(i) == '%' ? value(text, i) : -1;
            if (value < 0) {
                normal.append(text.charAt(i));
                continue;
            }
            if (isUnreserved(value)) {
                normal.append((char) value);
            } else {
                normal.append('%').append(HEX.charAt(value >> 4)).append(HEX.charAt(value & 0xF));
            }
            i += 2;
        }
        return normal.toString();
    }

    private static int value(String text, int percent) {
        if (percent + 2 >= text.length()) {
            return -1;
        }
        int high = Character.digit(text.charAt(percent + 1), 16);
        int low = Character.digit(text.charAt(percent + 2), 16);
        return high < 0 || low < 0 ? -1 : (high << 4) | low;
    }

    private static boolean isUnreserved(int value) {
        return (value >= 'a' && value <= 'z')
                || (value >= 'A' && value <= 'Z')
                || (value >= '0' && value <= '9')
                || "-._~".indexOf(value) >= 0;
    }
}
