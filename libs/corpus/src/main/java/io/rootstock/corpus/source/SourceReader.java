package io.rootstock.corpus.source;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackReader;
import java.io.Reader;

/**
 * Reads the rows of one file.
 *
 * @param fileName file name, whose extension determines the format
 * @param options encoding, delimiter, columns, size of text rows and limits
 */
public record SourceReader(String fileName, SourceOptions options) {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    /**
     * Reads all rows. A row that cannot be read is refused if the next one can be found.
     *
     * @param bytes bytes of the file, compressed according to its name; closed by this method
     * @throws UnreadableSourceException if the rest of the file cannot be read
     * @throws IOException if the bytes cannot be read at all
     */
    public void read(InputStream bytes, RowHandler handler) throws IOException {
        SourceFormat format = SourceFormat.of(fileName)
                .orElseThrow(() -> new IllegalArgumentException(
                        fileName + " has no known ending; name it " + SourceFormat.SUPPORTED));
        LastLine rows = new LastLine(handler);
        try (bytes) {
            read(characters(fileName, bytes, options), format, rows);
        } catch (CorruptCompressionException e) {
            throw new UnreadableSourceException(rows.line, e.getMessage());
        }
    }

    private void read(Characters characters, SourceFormat format, RowHandler handler) throws IOException {
        Reader reader = characters.reader;
        SourceDecoder decoder = characters.decoder;
        switch (format) {
            case TEXT -> {
                if (options.textChunk() > 0) {
                    new TextChunks(reader, decoder, options.textChunk(), handler).read();
                } else {
                    new LineRows(reader, decoder, options.limits(), handler)
                            .read((line, number) -> handler.row(new Row(
                                    number,
                                    JsonNodeFactory.instance.objectNode().put(Row.TEXT, line))));
                }
            }
            case JSON_LINES -> new JsonRows(reader, decoder, options.limits(), handler).readLines();
            case JSON -> new JsonRows(reader, decoder, options.limits(), handler).readArray();
            case CSV, TSV -> new DelimitedRows(format, options, decoder, handler).read(reader);
        }
    }

    /**
     * The text of a file.
     *
     * @param reader characters without a byte order mark
     * @param decoder decoder of these characters, which has the place of invalid bytes
     */
    record Characters(Reader reader, SourceDecoder decoder) {}

    /** Decompresses a file according to its name, and decodes it. */
    static Characters characters(String fileName, InputStream bytes, SourceOptions options) throws IOException {
        boolean gzip = SourceFormat.isGzip(fileName);
        InputStream plain = gzip || SourceFormat.isZstandard(fileName)
                ? DecompressedInput.open(bytes, gzip, options.limits().decompression())
                : bytes;
        SourceDecoder decoder = new SourceDecoder(plain, options.encoding());
        PushbackReader reader = new PushbackReader(new BufferedReader(decoder, 1 << 16), 1);
        int first = reader.read();
        if (first >= 0 && first != BYTE_ORDER_MARK) {
            reader.unread(first);
        }
        return new Characters(reader, decoder);
    }

    /** Remembers the line of the last row, the place of an error of the decompression. */
    private static final class LastLine implements RowHandler {
        private final RowHandler handler;
        private long line = 1;

        LastLine(RowHandler handler) {
            this.handler = handler;
        }

        @Override
        public void row(Row row) {
            line = row.line();
            handler.row(row);
        }

        @Override
        public void refused(long refusedLine, String reason) {
            line = refusedLine;
            handler.refused(refusedLine, reason);
        }
    }
}
