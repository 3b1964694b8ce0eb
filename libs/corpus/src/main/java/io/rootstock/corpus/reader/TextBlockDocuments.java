package io.rootstock.corpus.reader;

import io.rootstock.corpus.bytes.ByteLines;
import io.rootstock.corpus.bytes.Utf8;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Reads a plain text file as documents of bounded size.
 *
 * <p>Nothing is lost: the concatenated documents are the file's text, with line breaks as {@code \n}, without documents
 * that consist of blank lines.
 */
final class TextBlockDocuments {
    private final ByteLines lines;
    private final int target;
    private final int longest;
    private final DocumentSink sink;
    private final ByteArrayOutputStream block = new ByteArrayOutputStream();
    private String location;
    private boolean blank = true;
    private int invalid = -1;

    TextBlockDocuments(ByteLines lines, int target, int longest, DocumentSink sink) {
        this.lines = lines;
        this.target = target;
        this.longest = longest;
        this.sink = sink;
    }

    void read() throws IOException {
        while (lines.next()) {
            if (location == null) {
                location = sink.line(lines.number(), lines.offset());
            }
            boolean blankLine = add();
            boolean paragraphEnd = lines.ended() && blankLine && block.size() >= target;
            if (paragraphEnd || block.size() >= longest || lines.cut()) {
                emit();
            }
        }
        if (location != null) {
            emit();
        }
    }

    /** Adds a line; returns whether it is blank. */
    private boolean add() {
        byte[] buffer = lines.buffer();
        int from = lines.from();
        int length = lines.to() - from;
        if (invalid < 0) {
            int index = Utf8.firstInvalid(buffer, from, lines.to());
            invalid = index < 0 ? -1 : block.size() + index - from;
        }
        boolean blankLine = Utf8.isBlank(buffer, from, lines.to());
        blank &= blankLine;
        block.write(buffer, from, length);
        if (lines.ended()) {
            block.write('\n');
        }
        return blankLine;
    }

    private void emit() {
        if (invalid >= 0) {
            sink.refuseInvalidUtf8(location, invalid);
        } else if (!blank) {
            sink.accept(location, block.toByteArray(), null, null);
        }
        block.reset();
        location = null;
        blank = true;
        invalid = -1;
    }
}
