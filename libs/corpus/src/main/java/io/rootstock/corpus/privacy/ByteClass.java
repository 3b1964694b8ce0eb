package io.rootstock.corpus.privacy;

/** Classes of bytes, as bit sets in a table. Bytes above 127 belong to none. */
final class ByteClass {
    static final int DIGIT = 1;
    static final int UPPER = 2;
    static final int LOWER = 4;
    static final int LETTER = UPPER | LOWER;
    static final int ALPHANUMERIC = LETTER | DIGIT;
    static final int HEX = 8;

    /** Letter, digit, '-' or '_': base64 for URLs. */
    static final int TOKEN = 16;

    /** Character of the local part of an e-mail address: {@link #TOKEN}, '.', '%' or '+'. */
    static final int LOCAL = 32;

    /** Character of a random value: {@link #TOKEN}, '+', '/' or '~'. */
    static final int VALUE = 64;

    private static final byte[] CLASSES = new byte[256];

    static {
        for (int value = 0; value < 128; value++) {
            int classes = 0;
            if (value >= '0' && value <= '9') {
                classes |= DIGIT;
            } else if (value >= 'A' && value <= 'Z') {
                classes |= UPPER;
            } else if (value >= 'a' && value <= 'z') {
                classes |= LOWER;
            }
            if ((classes & DIGIT) != 0 || "abcdefABCDEF".indexOf(value) >= 0) {
                classes |= HEX;
            }
            boolean token = classes != 0 || value == '-' || value == '_';
            classes |= token ? TOKEN : 0;
            classes |= token || ".%+".indexOf(value) >= 0 ? LOCAL : 0;
            classes |= token || "+/~".indexOf(value) >= 0 ? VALUE : 0;
            CLASSES[value] = (byte) classes;
        }
    }

    private ByteClass() {}

    /** Tells whether the byte at an offset exists and has one of the classes. */
    static boolean is(byte[] utf8, int at, int classes) {
        return at >= 0 && at < utf8.length && (CLASSES[utf8[at] & 0xFF] & classes) != 0;
    }

    /** Returns the end of the run of a class, at most a number of bytes further. */
    static int end(byte[] utf8, int from, int classes, int most) {
        int limit = (int) Math.min(utf8.length, from + (long) most);
        int at = from;
        while (at < limit && (CLASSES[utf8[at] & 0xFF] & classes) != 0) {
            at++;
        }
        return at;
    }

    /** Returns the byte at an offset; 0 outside of the text. */
    static int at(byte[] utf8, int at) {
        return at >= 0 && at < utf8.length ? utf8[at] : 0;
    }

    /** Tells whether ASCII text is at an offset. */
    static boolean has(byte[] utf8, int at, String ascii) {
        if (at < 0 || at + ascii.length() > utf8.length) {
            return false;
        }
        for (int index = 0; index < ascii.length(); index++) {
            if (utf8[at + index] != ascii.charAt(index)) {
                return false;
            }
        }
        return true;
    }
}
