package io.rootstock.corpus.reader;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.corpus.source.Row;
import io.rootstock.corpus.source.RowFields;
import io.rootstock.corpus.source.RowHandler;
import io.rootstock.corpus.source.SourceOptions;
import io.rootstock.corpus.source.SourceReader;
import io.rootstock.corpus.source.UnreadableSourceException;
import io.rootstock.corpus.unit.Unit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads JSON arrays and CSV files as the reader of uploaded files does, whose limit is 16 Mi characters a row. */
final class SourceRowDocuments implements RowHandler {
    private final Unit unit;
    private final DocumentSink sink;

    SourceRowDocuments(Unit unit, DocumentSink sink) {
        this.unit = unit;
        this.sink = sink;
    }

    void read(InputStream plain) throws IOException {
        ReadSettings settings = sink.settings();
        SourceOptions options = new SourceOptions(settings.encoding(), settings.delimiter(), settings.columns(), 0);
        try {
            new SourceReader(unit.file().format().sourceName(), options).read(plain, this);
        } catch (UnreadableSourceException e) {
            throw new UnreadableRestException(sink.line(e.line(), 0), e.getMessage());
        }
    }

    @Override
    public void row(Row row) {
        String location = sink.line(row.line(), 0);
        DocumentFields fields = sink.settings().fields();
        try {
            String text = RowFields.required(row.fields(), fields.text());
            if (text.length() > sink.settings().limits().recordBytes()) {
                sink.refuseTooLong(location);
                return;
            }
            sink.accept(
                    location,
                    text.getBytes(StandardCharsets.UTF_8),
                    optional(row.fields(), fields.url()),
                    optional(row.fields(), fields.licence()));
        } catch (RowFields.RowRefusedException e) {
            sink.refuse(location, e.getMessage());
        }
    }

    private static String optional(JsonNode fields, String name) {
        return RowFields.optional(fields, name).orElse(null);
    }

    @Override
    public void refused(long line, String reason) {
        sink.refuse(sink.line(line, 0), reason);
    }
}
