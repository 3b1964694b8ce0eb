package io.rootstock.tokenizer.source;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads CSV and TSV files; the request or the first row names the columns. */
final class DelimitedRows {
    private static final CSVFormat CSV =
            CSVFormat.DEFAULT.builder().setIgnoreEmptyLines(true).get();
    private static final CSVFormat TSV =
            CSV.builder().setDelimiter('\t').setQuote(null).get();

    private final CSVFormat format;
    private final RowHandler handler;
    private List<String> columns;

    DelimitedRows(SourceFormat format, List<String> columns, RowHandler handler) {
        this.format = format == SourceFormat.TSV ? TSV : CSV;
        this.columns = columns;
        this.handler = handler;
    }

    void read(Reader reader) throws IOException {
        try (CSVParser parser = CSVParser.parse(reader, format)) {
            Iterator<CSVRecord> records = parser.iterator();
            long line = parser.getCurrentLineNumber() + 1;
            while (hasNext(records, line)) {
                CSVRecord row = records.next();
                if (columns.isEmpty()) {
                    if (!takeHeader(row)) {
                        return;
                    }
                } else {
                    accept(row, line);
                }
                line = parser.getCurrentLineNumber() + 1;
            }
        }
    }

    private boolean hasNext(Iterator<CSVRecord> records, long line) {
        try {
            return records.hasNext();
        } catch (UncheckedIOException | IllegalStateException e) {
            handler.refused(
                    line,
                    "cannot be read as a row (" + e.getMessage()
                            + "); double quotes inside of quoted values. Nothing after it can be read");
            return false;
        }
    }

    private boolean takeHeader(CSVRecord row) {
        columns = List.copyOf(row.toList());
        if (new HashSet<>(columns).size() < columns.size()) {
            handler.refused(
                    1,
                    "the header names a column twice: " + String.join(", ", columns)
                            + "; if the file has no header, name the columns in the request");
            return false;
        }
        return true;
    }

    private void accept(CSVRecord row, long line) {
        if (row.size() != columns.size()) {
            handler.refused(
                    line,
                    "has " + row.size() + " columns instead of " + columns.size() + " (" + String.join(", ", columns)
                            + "); quote values that hold the separator");
            return;
        }
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        for (int column = 0; column < row.size(); column++) {
            fields.put(columns.get(column), row.get(column));
        }
        handler.row(new Row(line, fields));
    }
}
