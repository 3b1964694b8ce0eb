package io.rootstock.corpus.reader;

import io.rootstock.corpus.bytes.ByteLines;
import io.rootstock.corpus.bytes.Utf8;
import java.io.IOException;

/** Reads a file with one record a line: skips empty lines, refuses lines that are too long or not valid UTF-8. */
final class RecordLines {
    private final ByteLines lines;
    private final DocumentSink sink;
    private final boolean spaces;

    /**
     * @param spaces whether a line of white space is a record, as in files whose delimiter is a tab
     */
    RecordLines(ByteLines lines, DocumentSink sink, boolean spaces) {
        this.lines = lines;
        this.sink = sink;
        this.spaces = spaces;
    }

    /** Receives a valid line as a slice of a buffer. */
    interface LineHandler {
        void line(byte[] buffer, int from, int to, String location) throws IOException;
    }

    void read(LineHandler handler) throws IOException {
        boolean inLongLine = false;
        while (lines.next()) {
            if (lines.cut() && !inLongLine) {
                sink.refuseTooLong(location());
            } else if (!lines.cut() && !inLongLine) {
                readLine(handler);
            }
            inLongLine = lines.cut();
        }
    }

    private void readLine(LineHandler handler) throws IOException {
        byte[] buffer = lines.buffer();
        boolean empty = lines.from() == lines.to();
        if (empty || (!spaces && Utf8.isBlank(buffer, lines.from(), lines.to()))) {
            return;
        }
        int invalid = Utf8.firstInvalid(buffer, lines.from(), lines.to());
        if (invalid >= 0) {
            sink.refuseInvalidUtf8(location(), invalid - lines.from());
        } else {
            handler.line(buffer, lines.from(), lines.to(), location());
        }
    }

    private String location() {
        return sink.line(lines.number(), lines.offset());
    }
}
