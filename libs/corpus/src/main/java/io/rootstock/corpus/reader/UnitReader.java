package io.rootstock.corpus.reader;

import io.rootstock.corpus.bytes.ByteLines;
import io.rootstock.corpus.source.CorruptCompressionException;
import io.rootstock.corpus.unit.RefusedInputException;
import io.rootstock.corpus.unit.TextRecords;
import io.rootstock.corpus.unit.Unit;
import io.rootstock.corpus.unit.UnitRange;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Reads the documents of units. Equal bytes and settings give equal documents.
 *
 * @param settings fields, encoding, division of text, limits
 */
public record UnitReader(ReadSettings settings) {
    /**
     * Reads a unit from its beginning to its end.
     *
     * @param handler receives documents and refused records in order
     * @throws RefusedInputException if the file changed after it was planned
     * @throws IOException if the file cannot be read at all, or its storage does not answer or has another version
     */
    public UnitSummary read(Unit unit, RecordHandler handler) throws IOException {
        DocumentSink sink = new DocumentSink(unit, settings, handler);
        try (UnitInput input = UnitInput.open(unit)) {
            Optional<RefusedRecord> rest = Optional.empty();
            try {
                read(unit, input, sink);
            } catch (UnreadableRestException e) {
                input.requireRead();
                rest = Optional.of(e.rest());
            }
            return sink.summary(input.finish(), rest);
        }
    }

    private void read(Unit unit, UnitInput input, DocumentSink sink) throws IOException {
        switch (unit.file().format()) {
            case PARQUET -> new ParquetDocuments(input, (UnitRange.RowGroups) unit.range(), sink).read();
            case WARC, WET -> new WebArchiveDocuments(plain(unit, input, sink), sink).read();
            case TEXT -> readText(unit, input, sink);
            case JSON_LINES -> new JsonLineDocuments(lines(unit, input, sink), sink).read();
            case JSON -> new SourceRowDocuments(unit, sink).read(plain(unit, input, sink));
            case TSV -> DelimitedLineDocuments.read(unit, input, lines(unit, input, sink), sink);
            case CSV -> {
                if (unit.range() instanceof UnitRange.Bytes) {
                    DelimitedLineDocuments.read(unit, input, lines(unit, input, sink), sink);
                } else {
                    new SourceRowDocuments(unit, sink).read(plain(unit, input, sink));
                }
            }
        }
    }

    private void readText(Unit unit, UnitInput input, DocumentSink sink) throws IOException {
        switch (settings.text()) {
            case TextRecords.WholeFile _ -> TextDocuments.readWhole(utf8(unit, input, sink), sink);
            case TextRecords.Lines _ -> TextDocuments.readLines(lines(unit, input, sink), sink);
            case TextRecords.Blocks blocks -> {
                InputStream text = utf8(unit, input, sink);
                int longest =
                        Math.min(4 * blocks.targetBytes(), settings.limits().recordBytes());
                ByteLines lines = new ByteLines(text, longest, unit.range().from());
                new TextBlockDocuments(lines, blocks.targetBytes(), longest, sink).read();
            }
        }
    }

    private ByteLines lines(Unit unit, UnitInput input, DocumentSink sink) throws IOException {
        return new ByteLines(
                utf8(unit, input, sink),
                settings.limits().recordBytes(),
                unit.range().from());
    }

    private InputStream utf8(Unit unit, UnitInput input, DocumentSink sink) throws IOException {
        InputStream plain = plain(unit, input, sink);
        return unit.range().from() == 0 ? Utf8Input.of(plain, settings.encoding()) : plain;
    }

    /** Returns the decompressed bytes; damage of the compression ends the reading at the place reached. */
    private InputStream plain(Unit unit, UnitInput input, DocumentSink sink) {
        try {
            return new PlainInput(input.decompressed(settings.limits().decompression()), sink);
        } catch (CorruptCompressionException e) {
            throw new UnreadableRestException(sink.at(unit.range().from()), e.getMessage());
        }
    }

    /** Decompressed bytes; reports damage of the compression with the offset at which it was met. */
    private static final class PlainInput extends FilterInputStream {
        private final DocumentSink sink;
        private long offset;

        PlainInput(InputStream input, DocumentSink sink) {
            super(input);
            this.sink = sink;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            try {
                int read = super.read(buffer, from, length);
                offset += Math.max(0, read);
                return read;
            } catch (CorruptCompressionException e) {
                throw new UnreadableRestException(sink.at(offset), e.getMessage());
            }
        }

        @Override
        public void close() {
            // The unit's input is closed by its owner, which reads the rest of the file for the digest before.
        }
    }
}
