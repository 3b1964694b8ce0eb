package io.rootstock.registry.evaluation;

import io.rootstock.service.Errors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Lines of a file of row records. Not safe for several threads. */
final class RowLines implements AutoCloseable {
    private static final int BUFFER = 1 << 18;
    private static final int MAX_LENGTH = 16 << 20;

    private final String evaluation;
    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;
    /** Position of {@code buffer} in the file. */
    private long start;

    private long number;

    private RowLines(String evaluation, InputStream in) {
        this.evaluation = evaluation;
        this.in = in;
    }

    /** A line; its bytes are not changed. */
    static final class Line {
        private final byte[] bytes;
        private final long number;
        private final long offset;

        private Line(byte[] bytes, long number, long offset) {
            this.bytes = bytes;
            this.number = number;
            this.offset = offset;
        }

        /** Content without the line end. */
        byte[] bytes() {
            return bytes;
        }

        /** Number from 1. */
        long number() {
            return number;
        }

        /** Position of the first byte in the file. */
        long offset() {
            return offset;
        }
    }

    /** Opens the row records of an evaluation. */
    static RowLines open(String evaluation, Path file) throws IOException {
        return new RowLines(evaluation, Files.newInputStream(file));
    }

    /** Returns the next line that is not empty; empty at the end of the file. */
    Optional<Line> next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
        long offset = start + position;
        boolean more = true;
        while (more) {
            int end = position;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            line.write(buffer, position, end - position);
            if (line.size() > MAX_LENGTH) {
                throw Errors.dataLoss(
                        "ROWS_CORRUPT",
                        "line " + (number + 1) + " of the row records of " + evaluation + " is longer than "
                                + MAX_LENGTH + " bytes; evaluate again");
            }
            if (end < limit) {
                position = end + 1;
                number++;
                if (line.size() > 0) {
                    return Optional.of(new Line(line.toByteArray(), number, offset));
                }
                offset = start + position;
            } else {
                more = fill();
            }
        }
        number++;
        return line.size() > 0 ? Optional.of(new Line(line.toByteArray(), number, offset)) : Optional.empty();
    }

    /** Reads the next bytes; returns false at the end of the file. */
    private boolean fill() throws IOException {
        start += limit;
        position = 0;
        limit = Math.max(0, in.read(buffer));
        return limit > 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
