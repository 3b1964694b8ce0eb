package io.rootstock.corpus.source;

import java.io.IOException;
import java.io.Reader;

/** Reads lines of bounded length, numbered from 1; {@code \n} and {@code \r\n} end a line. */
final class LineReader {
    private final Reader reader;
    private final int maximumLength;
    private final StringBuilder line = new StringBuilder();
    private final char[] buffer = new char[1 << 14];
    private int position;
    private int limit;
    private long number;
    private boolean ended;
    private boolean cut;

    LineReader(Reader reader, int maximumLength) {
        this.reader = reader;
        this.maximumLength = maximumLength;
    }

    /** Number of the line that was read last. */
    long number() {
        return number;
    }

    /** Whether a line break followed the last line. */
    boolean ended() {
        return ended;
    }

    /** Whether the last line was cut at the maximum length. */
    boolean cut() {
        return cut;
    }

    /**
     * Returns the next line without its line break, or the next piece of a line above the maximum length (then
     * {@link #ended()} is false); null at the end.
     */
    String next() throws IOException {
        line.setLength(0);
        if (!cut) {
            number++;
        }
        ended = false;
        cut = false;
        while (true) {
            if (position == limit && !fill()) {
                return line.isEmpty() ? null : line.toString();
            }
            int from = position;
            int to = Math.min(limit, from + maximumLength - line.length());
            while (position < to && buffer[position] != '\n') {
                position++;
            }
            line.append(buffer, from, position - from);
            if (position < to) {
                position++;
                ended = true;
                dropCarriageReturn();
                return line.toString();
            }
            if (line.length() >= maximumLength) {
                cut = true;
                giveBackHalf();
                return line.toString();
            }
        }
    }

    /** Prevents a cut inside of a surrogate pair or of a line break of two characters. */
    private void giveBackHalf() {
        char last = line.charAt(line.length() - 1);
        if (Character.isHighSurrogate(last) || last == '\r') {
            line.setLength(line.length() - 1);
            position--;
        }
    }

    private void dropCarriageReturn() {
        if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
            line.setLength(line.length() - 1);
        }
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = Math.max(0, reader.read(buffer));
        return limit > 0;
    }
}
