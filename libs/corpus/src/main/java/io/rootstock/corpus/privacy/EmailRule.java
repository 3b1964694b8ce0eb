package io.rootstock.corpus.privacy;

/**
 * E-mail addresses (RFC 5321 lengths: 64 bytes before '@', 255 after it).
 *
 * <p>The local part has ASCII letters, digits and {@code . _ % + -}; the domain has at least two labels, the last of
 * letters. Image names such as "icon@2x.png" and the address "git@host" of repositories are not masked.
 */
final class EmailRule {
    private static final int MAX_LOCAL_LENGTH = 64;
    private static final int MAX_DOMAIN_LENGTH = 255;
    private static final int MAX_LABEL_LENGTH = 63;

    private EmailRule() {}

    /** Finds the address around the '@' at an offset. */
    static long find(byte[] utf8, int floor, int at) {
        if (!ByteClass.is(utf8, at - 1, ByteClass.ALPHANUMERIC) && ByteClass.at(utf8, at - 1) != '_') {
            return Span.NONE;
        }
        if (!ByteClass.is(utf8, at + 1, ByteClass.ALPHANUMERIC)) {
            return Span.NONE;
        }
        int start = at;
        int least = Math.max(floor, at - MAX_LOCAL_LENGTH - 1);
        while (start > least && ByteClass.is(utf8, start - 1, ByteClass.LOCAL)) {
            start--;
        }
        if (at - start > MAX_LOCAL_LENGTH) {
            return Span.NONE;
        }
        while (start < at && !ByteClass.is(utf8, start, ByteClass.ALPHANUMERIC) && utf8[start] != '_') {
            start++;
        }
        int end = endOfDomain(utf8, at + 1);
        if (start == at || end < 0 || hasDoubleDot(utf8, start, at)) {
            return Span.NONE;
        }
        return (at - start == 3 && ByteClass.has(utf8, start, "git@")) || isImageScale(utf8, at + 1)
                ? Span.NONE
                : Span.of(start, end);
    }

    /** Returns the end of the last label of letters, of at least two labels; -1 if none. */
    private static int endOfDomain(byte[] utf8, int from) {
        int end = -1;
        int at = from;
        while (at - from < MAX_DOMAIN_LENGTH) {
            int labelEnd = at;
            while (labelEnd - at <= MAX_LABEL_LENGTH
                    && (ByteClass.is(utf8, labelEnd, ByteClass.ALPHANUMERIC)
                            || (ByteClass.at(utf8, labelEnd) == '-' && labelEnd > at))) {
                labelEnd++;
            }
            int length = labelEnd - at;
            if (length == 0 || length > MAX_LABEL_LENGTH) {
                break;
            }
            if (at > from && isTopLevel(utf8, at, labelEnd)) {
                end = ByteClass.end(utf8, at, ByteClass.LETTER, length);
            }
            if (ByteClass.at(utf8, labelEnd) != '.') {
                break;
            }
            at = labelEnd + 1;
        }
        return end;
    }

    /** Two or more letters, which a hyphen may follow in running text. */
    private static boolean isTopLevel(byte[] utf8, int from, int to) {
        int letters = ByteClass.end(utf8, from, ByteClass.LETTER, to - from);
        return letters - from >= 2 && (letters == to || utf8[letters] == '-');
    }

    private static boolean hasDoubleDot(byte[] utf8, int from, int to) {
        for (int index = from; index + 1 < to; index++) {
            if (utf8[index] == '.' && utf8[index + 1] == '.') {
                return true;
            }
        }
        return false;
    }

    /** Tells whether a scale such as "2x." follows. */
    private static boolean isImageScale(byte[] utf8, int from) {
        int end = ByteClass.end(utf8, from, ByteClass.DIGIT, 3);
        return end > from && ByteClass.at(utf8, end) == 'x' && ByteClass.at(utf8, end + 1) == '.';
    }
}
