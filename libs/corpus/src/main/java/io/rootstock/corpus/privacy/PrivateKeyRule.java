package io.rootstock.corpus.privacy;

/**
 * Private keys in PEM (RFC 7468, and OpenSSH's): from "-----BEGIN ... PRIVATE KEY-----" to the end line. If the end line
 * is missing, the key ends with its text, which must then have at least {@link #MIN_BODY} bytes. Line feeds may be
 * written as "\n", as in JSON.
 */
final class PrivateKeyRule {
    private static final int MIN_BODY = 64;
    private static final int MAX_BODY_LENGTH = 1 << 15;
    private static final int MAX_LABEL_LENGTH = 40;

    private PrivateKeyRule() {}

    /** Finds the key whose last '-' before "BEGIN" is at an offset. */
    static long find(byte[] utf8, int floor, int hyphen) {
        int start = hyphen - 4;
        if (start < floor || !ByteClass.has(utf8, start, "-----BEGIN ")) {
            return Span.NONE;
        }
        int body = endOfLabel(utf8, hyphen + 7);
        if (body < 0) {
            return Span.NONE;
        }
        int at = body;
        int limit = (int) Math.min(utf8.length, body + (long) MAX_BODY_LENGTH);
        while (at < limit && isBody(utf8[at]) && !ByteClass.has(utf8, at, "-----")) {
            at++;
        }
        if (ByteClass.has(utf8, at, "-----END ")) {
            int end = endOfLabel(utf8, at + 9);
            return Span.of(start, end < 0 ? at : end);
        }
        while (at > body && (utf8[at - 1] == ' ' || utf8[at - 1] == '\n' || utf8[at - 1] == '\r')) {
            at--;
        }
        return at - body >= MIN_BODY ? Span.of(start, at) : Span.NONE;
    }

    /** Returns the end of a label such as "RSA PRIVATE KEY-----"; -1 if there is another text. */
    private static int endOfLabel(byte[] utf8, int from) {
        for (int at = from; at <= from + MAX_LABEL_LENGTH; at++) {
            if (ByteClass.has(utf8, at, "PRIVATE KEY")) {
                int end = at + "PRIVATE KEY".length();
                end += ByteClass.has(utf8, end, " BLOCK") ? " BLOCK".length() : 0;
                return ByteClass.has(utf8, end, "-----") ? end + 5 : -1;
            }
            if (!ByteClass.is(utf8, at, ByteClass.UPPER) && ByteClass.at(utf8, at) != ' ') {
                return -1;
            }
        }
        return -1;
    }

    private static boolean isBody(byte value) {
        return switch (value) {
            case '+', '/', '=', ' ', '\n', '\r', '\t', '\\', ':', ',', '-', '.' -> true;
            default ->
                (value >= '0' && value <= '9') || (value >= 'A' && value <= 'Z') || (value >= 'a' && value <= 'z');
        };
    }
}
