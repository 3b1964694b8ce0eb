package io.rootstock.corpus.privacy;

/**
 * JSON web tokens (RFC 7519): three parts of base64 for URLs with dots between them, of which the first begins with
 * "eyJ", the encoding of a brace and a quotation mark. The signature may be empty.
 */
final class JwtRule {
    private static final int MIN_PART = 10;
    private static final int MAX_PART_LENGTH = 1 << 14;

    private JwtRule() {}

    /** Finds the token whose first 'J' is at an offset. */
    static long find(byte[] utf8, int floor, int letter) {
        int start = letter - 2;
        if (start < floor
                || !ByteClass.has(utf8, start, "eyJ")
                || ByteClass.is(utf8, start - 1, ByteClass.TOKEN)
                || (ByteClass.at(utf8, start - 1) == '.' && ByteClass.is(utf8, start - 2, ByteClass.TOKEN))) {
            return Span.NONE;
        }
        int header = ByteClass.end(utf8, start, ByteClass.TOKEN, MAX_PART_LENGTH);
        if (header - start < MIN_PART || ByteClass.at(utf8, header) != '.') {
            return Span.NONE;
        }
        int claims = ByteClass.end(utf8, header + 1, ByteClass.TOKEN, MAX_PART_LENGTH);
        if (claims - header - 1 < MIN_PART || ByteClass.at(utf8, claims) != '.') {
            return Span.NONE;
        }
        return Span.of(start, ByteClass.end(utf8, claims + 1, ByteClass.TOKEN, MAX_PART_LENGTH));
    }
}
