package io.rootstock.corpus.reader;

import java.util.Arrays;

/** Decodes JSON strings (RFC 8259, section 7) from UTF-8 to UTF-8. */
final class JsonStrings {
    private JsonStrings() {}

    /**
     * Decodes a string whose syntax a parser checks.
     *
     * @param json valid UTF-8 with the string
     * @param quote index of its opening quote
     * @param limit end of the JSON value in {@code json}
     * @return its characters; null if it contains an escaped lone surrogate, or an escape that is not valid
     */
    static byte[] decode(byte[] json, int quote, int limit) {
        int at = quote + 1;
        int end = at;
        while (end < limit && json[end] != '"' && json[end] != '\\') {
            end++;
        }
        if (end < limit && json[end] == '"') {
            return Arrays.copyOfRange(json, at, end);
        }
        int close = closingQuote(json, end, limit);
        byte[] text = new byte[close - at];
        int to = 0;
        while (at < close) {
            byte value = json[at];
            if (value != '\\') {
                text[to++] = value;
                at++;
            } else if (at + 1 >= close) {
                return null;
            } else if (json[at + 1] == 'u') {
                int codePoint = codePoint(json, at, close);
                if (codePoint < 0) {
                    return null;
                }
                at += codePoint >= 0x10000 ? 12 : 6;
                to = encode(codePoint, text, to);
            } else {
                text[to++] = escaped(json[at + 1]);
                at += 2;
            }
        }
        return Arrays.copyOf(text, to);
    }

    private static int closingQuote(byte[] json, int from, int limit) {
        int at = from;
        while (at < limit && json[at] != '"') {
            at += json[at] == '\\' ? 2 : 1;
        }
        return Math.min(at, limit);
    }

    private static byte escaped(byte letter) {
        return switch (letter) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            default -> letter;
        };
    }

    /** Returns the code point of an escape, or of two that are a surrogate pair; -1 if it is none. */
    private static int codePoint(byte[] json, int at, int close) {
        int unit = unit(json, at, close);
        if (unit < 0 || unit < Character.MIN_SURROGATE || unit > Character.MAX_SURROGATE) {
            return unit;
        }
        int low = at + 7 < close && json[at + 6] == '\\' && json[at + 7] == 'u' ? unit(json, at + 6, close) : -1;
        boolean pair = unit < Character.MIN_LOW_SURROGATE
                && low >= Character.MIN_LOW_SURROGATE
                && low <= Character.MAX_LOW_SURROGATE;
        return pair ? Character.toCodePoint((char) unit, (char) low) : -1;
    }

    private static int unit(byte[] json, int at, int close) {
        if (at + 6 > close) {
            return -1;
        }
        int unit = 0;
        for (int i = at + 2; i < at + 6; i++) {
            int digit = Character.digit(json[i], 16);
            if (digit < 0) {
                return -1;
            }
            unit = (unit << 4) | digit;
        }
        return unit;
    }

    /** Writes a code point; its escape is at least as long as its UTF-8. */
    private static int encode(int codePoint, byte[] text, int at) {
        int to = at;
        if (codePoint < 0x80) {
            text[to++] = (byte) codePoint;
        } else if (codePoint < 0x800) {
            text[to++] = (byte) (0xC0 | (codePoint >> 6));
            text[to++] = (byte) (0x80 | (codePoint & 0x3F));
        } else if (codePoint < 0x10000) {
            text[to++] = (byte) (0xE0 | (codePoint >> 12));
            text[to++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
            text[to++] = (byte) (0x80 | (codePoint & 0x3F));
        } else {
            text[to++] = (byte) (0xF0 | (codePoint >> 18));
            text[to++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
            text[to++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
            text[to++] = (byte) (0x80 | (codePoint & 0x3F));
        }
        return to;
    }
}
