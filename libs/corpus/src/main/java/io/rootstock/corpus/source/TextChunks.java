package io.rootstock.corpus.source;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.Reader;

/**
 * Reads a plain text file as rows of bounded size, so that a huge file does not become one row, and a shuffled split
 * has enough rows.
 *
 * <p>A row ends at the first blank line after {@code target} characters, at a line end after four times that number,
 * and inside of a line only if that line is longer. Nothing is lost: the concatenated rows are the file's text, with
 * line breaks as {@code \n}. A file below {@code target} is one row.
 */
final class TextChunks {
    private final LineReader lines;
    private final SourceDecoder decoder;
    private final int target;
    private final RowHandler handler;
    private final StringBuilder chunk = new StringBuilder();
    private long firstLine = 1;
    private long malformedLine;

    TextChunks(Reader reader, SourceDecoder decoder, int target, RowHandler handler) {
        this.lines = new LineReader(reader, target * 4);
        this.decoder = decoder;
        this.target = target;
        this.handler = handler;
    }

    void read() throws IOException {
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (malformedLine == 0 && decoder.isMalformed(line)) {
                malformedLine = lines.number();
            }
            chunk.append(line);
            if (lines.ended()) {
                chunk.append('\n');
            }
            boolean paragraphEnd = lines.ended() && line.isBlank() && chunk.length() >= target;
            if (paragraphEnd || chunk.length() >= target * 4 || lines.cut()) {
                emit();
            }
        }
        emit();
    }

    private void emit() {
        if (malformedLine > 0) {
            handler.refused(
                    malformedLine,
                    decoder.reason() + " (lines " + firstLine + " to " + lines.number() + " are left out)");
        } else if (!chunk.toString().isBlank()) {
            handler.row(new Row(firstLine, JsonNodeFactory.instance.objectNode().put(Row.TEXT, chunk.toString())));
        }
        malformedLine = 0;
        chunk.setLength(0);
        firstLine = lines.number() + 1;
    }
}
