package io.rootstock.corpus.unit;

import io.rootstock.corpus.storage.StoredFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds offsets at which a file of lines is cut: the first record boundary at or after each multiple of the unit size.
 *
 * <p>Lines are boundaries everywhere; with {@code paragraphs}, blank lines are, unless none follows within
 * {@value #PARAGRAPH_SEARCH} bytes. Reads only near the cuts.
 */
final class CutPoints {
    /** Bytes in which a blank line is looked for. */
    static final int PARAGRAPH_SEARCH = 1 << 20;

    private static final int BUFFER = 1 << 16;

    private final StoredFile file;
    private final long size;
    private final boolean paragraphs;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);

    CutPoints(StoredFile file, long size, boolean paragraphs) {
        this.file = file;
        this.size = size;
        this.paragraphs = paragraphs;
    }

    /** Returns the ranges of the units, which cover the file. */
    List<UnitRange> ranges(long unitBytes) throws IOException {
        List<UnitRange> ranges = new ArrayList<>();
        long from = 0;
        while (from < size) {
            long wanted = (from / unitBytes + 1) * unitBytes;
            long to = wanted >= size ? size : boundary(wanted);
            ranges.add(new UnitRange.Bytes(from, to));
            from = to;
        }
        return ranges;
    }

    private long boundary(long wanted) throws IOException {
        long line = -1;
        boolean blank = false;
        for (long at = wanted - 1; at < size; at += buffer.limit()) {
            fill(at);
            for (int i = 0; i < buffer.limit(); i++) {
                byte value = buffer.get(i);
                if (value == '\n') {
                    long next = at + i + 1;
                    if (!paragraphs || blank) {
                        return next;
                    }
                    line = line < 0 ? next : line;
                    blank = true;
                } else if (value != ' ' && value != '\t' && value != '\r') {
                    blank = false;
                }
            }
            if (line >= 0 && at - wanted > PARAGRAPH_SEARCH) {
                return line;
            }
        }
        return line >= 0 ? line : size;
    }

    private void fill(long at) throws IOException {
        buffer.clear();
        if (file.read(buffer, at) <= 0) {
            throw new IOException("it became shorter while it was planned");
        }
        buffer.flip();
    }
}
