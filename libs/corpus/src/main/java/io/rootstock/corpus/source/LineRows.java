package io.rootstock.corpus.source;

import java.io.IOException;
import java.io.Reader;

/** Reads a file with one row a line. Blank lines are skipped; a line that cannot be read is refused alone. */
final class LineRows {
    private final LineReader lines;
    private final SourceDecoder decoder;
    private final SourceLimits limits;
    private final RowHandler handler;

    LineRows(Reader reader, SourceDecoder decoder, SourceLimits limits, RowHandler handler) {
        this.lines = new LineReader(reader, limits.maxRowCharacters());
        this.limits = limits;
        this.decoder = decoder;
        this.handler = handler;
    }

    /** Receives a line and its number, from 1. */
    interface LineHandler {
        void line(String line, long number);
    }

    void read(LineHandler rows) throws IOException {
        boolean inLongLine = false;
        for (String line = lines.next(); line != null; line = lines.next()) {
            boolean tooLong = lines.cut();
            if (tooLong && !inLongLine) {
                handler.refused(lines.number(), limits.tooLong("cut it into several rows"));
            } else if (!tooLong && !inLongLine && !line.isBlank()) {
                if (decoder.isMalformed(line)) {
                    handler.refused(lines.number(), decoder.reason());
                } else {
                    rows.line(line, lines.number());
                }
            }
            inLongLine = tooLong;
        }
    }
}
