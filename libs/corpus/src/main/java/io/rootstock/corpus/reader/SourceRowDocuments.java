package io.rootstock.corpus.reader;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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
            String text = RowFields.required(holder(row.fields(), fields.text()), fields.text());
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
        return RowFields.optional(holder(fields, name), name).orElse(null);
    }

    /** Returns an object that has the value at a path under the whole path as its name; the row itself if it has no such value. */
    private static JsonNode holder(JsonNode row, String path) {
        if (row.has(path) || path.indexOf('.') < 0) {
            return row;
        }
        JsonNode value = row;
        for (String name : path.split("\\.", -1)) {
            value = value.path(name);
        }
        return value.isMissingNode()
                ? row
                : JsonNodeFactory.instance.objectNode().set(path, value);
    }

    @Override
    public void refused(long line, String reason) {
        sink.refuse(sink.line(line, 0), reason);
    }
}
