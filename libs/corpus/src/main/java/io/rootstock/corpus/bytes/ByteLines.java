package io.rootstock.corpus.bytes;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Divides a stream of UTF-8 into lines of bounded length; {@code \n} and {@code \r\n} end a line.
 *
 * <p>A line is a slice of {@link #buffer()}, valid until the next call. Memory is at most the longest line and 256 KiB.
 */
public final class ByteLines {
    private static final int READ = 1 << 18;

    private final InputStream input;
    private final int longest;
    private byte[] buffer;
    private int start;
    private int limit;
    private int to;
    private int next;
    private long bufferOffset;
    private long number;
    private boolean ended;
    private boolean cut;
    private boolean endOfInput;

    /**
     * @param input bytes; a byte order mark must be removed before
     * @param longest longest line in bytes, at least 8; a longer one is returned in pieces
     * @param offset offset of the first byte in the file
     */
    public ByteLines(InputStream input, int longest, long offset) {
        this.input = input;
        this.longest = longest;
        this.bufferOffset = offset;
        this.buffer = new byte[(int) Math.min(READ, 2L * longest)];
    }

    /**
     * Reads the next line, or the next piece of a line that is too long; returns whether there was one.
     *
     * @throws IOException if the input cannot be read
     */
    public boolean next() throws IOException {
        if (!cut) {
            number++;
        }
        start = next;
        ended = false;
        cut = false;
        int scanned = start;
        while (true) {
            int bound = (int) Math.min(limit, (long) start + longest);
            int at = Utf8.indexOf(buffer, scanned, bound, (byte) '\n');
            if (at < bound) {
                next = at + 1;
                to = at > start && buffer[at - 1] == '\r' ? at - 1 : at;
                ended = true;
                return true;
            }
            if (at - start == longest) {
                cutLine(at);
                return true;
            }
            int kept = at - start;
            if (!fill()) {
                to = limit;
                next = limit;
                return limit > start;
            }
            scanned = start + kept;
        }
    }

    /** Ends the piece before a character or line break that it would divide. */
    private void cutLine(int bound) {
        int at = bound;
        int lead = at - 1;
        while (lead > at - 4 && Utf8.isContinuation(buffer[lead])) {
            lead--;
        }
        if (lead + Utf8.length(buffer[lead]) > at) {
            at = lead;
        }
        if (buffer[at - 1] == '\r') {
            at--;
        }
        to = at;
        next = at;
        cut = true;
    }

    private boolean fill() throws IOException {
        if (endOfInput) {
            return false;
        }
        if (limit == buffer.length) {
            int kept = limit - start;
            byte[] target = kept > buffer.length / 2 ? Arrays.copyOf(buffer, grown()) : buffer;
            System.arraycopy(buffer, start, target, 0, kept);
            buffer = target;
            bufferOffset += start;
            start = 0;
            limit = kept;
        }
        int read = input.read(buffer, limit, buffer.length - limit);
        endOfInput = read < 0;
        limit += Math.max(0, read);
        return !endOfInput;
    }

    private int grown() {
        return (int) Math.min(2L * buffer.length, (long) longest + READ);
    }

    /** Array that contains the line. */
    public byte[] buffer() {
        return buffer;
    }

    /** Index of the line's first byte. */
    public int from() {
        return start;
    }

    /** Index after the line's last byte, without its line break. */
    public int to() {
        return to;
    }

    /** Number of the line, from 1. */
    public long number() {
        return number;
    }

    /** Offset of the line's first byte in the file. */
    public long offset() {
        return bufferOffset + start;
    }

    /** Whether a line break followed. */
    public boolean ended() {
        return ended;
    }

    /** Whether this is a piece of a longer line, and not its last one. */
    public boolean cut() {
        return cut;
    }
}
