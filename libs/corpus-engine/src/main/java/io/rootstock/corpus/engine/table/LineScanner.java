package io.rootstock.corpus.engine.table;

/** The lines of a UTF-8 text, each with its line feed. */
final class LineScanner {
    private final byte[] bytes;
    private int start;
    private int end;
    private int contentStart;
    private int contentEnd;

    LineScanner(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Moves to the next line; false at the end. */
    boolean next() {
        start = end;
        if (start >= bytes.length) {
            return false;
        }
        int at = start;
        while (at < bytes.length && bytes[at] != '\n') {
            at++;
        }
        end = Math.min(bytes.length, at + 1);
        contentStart = start;
        contentEnd = at;
        while (contentStart < contentEnd && isSpace(bytes[contentStart])) {
            contentStart++;
        }
        while (contentEnd > contentStart && isSpace(bytes[contentEnd - 1])) {
            contentEnd--;
        }
        return true;
    }

    byte[] bytes() {
        return bytes;
    }

    /** First byte of the line. */
    int start() {
        return start;
    }

    /** End of the line, behind its line feed. */
    int end() {
        return end;
    }

    /** First byte that is not a space. */
    int contentStart() {
        return contentStart;
    }

    /** Bytes between the outer spaces. */
    int contentLength() {
        return contentEnd - contentStart;
    }

    boolean isBlank() {
        return contentStart == contentEnd;
    }

    private static boolean isSpace(byte value) {
        return value == ' ' || value == '\t' || value == '\r';
    }
}
