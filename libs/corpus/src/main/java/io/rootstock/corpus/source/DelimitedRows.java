package io.rootstock.corpus.source;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads CSV and TSV files; the request or the first row names the columns.
 *
 * <p>A row with a wrong number of columns is refused alone. A wrong quote makes the rest unreadable, because the end of
 * its row is unknown.
 */
final class DelimitedRows {
    private static final CSVFormat CSV =
            CSVFormat.DEFAULT.builder().setIgnoreEmptyLines(true).get();
    private static final CSVFormat TSV =
            CSV.builder().setDelimiter('\t').setQuote(null).get();

    private final CSVFormat format;
    private final SourceLimits limits;
    private final SourceDecoder decoder;
    private final RowHandler handler;
    private final boolean named;
    private List<String> columns;

    /** First line of the row that is being read. */
    private long line = 1;

    DelimitedRows(SourceFormat format, SourceOptions options, SourceDecoder decoder, RowHandler handler) {
        CSVFormat standard = format == SourceFormat.TSV ? TSV : CSV;
        this.format = options.delimiter()
                .map(delimiter -> standard.builder().setDelimiter(delimiter).get())
                .orElse(standard);
        this.limits = options.limits();
        this.decoder = decoder;
        this.handler = handler;
        this.columns = options.columns();
        this.named = !columns.isEmpty();
    }

    /** @throws UnreadableSourceException at a wrong quote, a row above the maximum length, or an ambiguous header */
    void read(Reader reader) throws IOException {
        RowLimit limit = new RowLimit(reader, limits, "close its quoted value, or cut it into several rows");
        try (CSVParser parser = CSVParser.parse(limit, format)) {
            Iterator<CSVRecord> records = parser.iterator();
            while (hasNext(records)) {
                CSVRecord row = records.next();
                if (columns.isEmpty()) {
                    takeHeader(row);
                } else {
                    accept(row);
                }
                line = parser.getCurrentLineNumber() + 1;
                limit.startRow(line);
            }
        }
    }

    private boolean hasNext(Iterator<CSVRecord> records) throws IOException {
        try {
            return records.hasNext();
        } catch (UncheckedIOException e) {
            if (!(e.getCause() instanceof CSVException)) {
                throw e.getCause();
            }
            boolean open = String.valueOf(e.getCause().getMessage()).contains("EOF");
            throw new UnreadableSourceException(
                    line,
                    "a quoted value of this row "
                            + (open ? "is not closed before the end of the file" : "has text after its closing quote")
                            + "; write a quote inside of quoted values twice, and close every quoted value");
        }
    }

    private void takeHeader(CSVRecord row) {
        columns = List.copyOf(row.toList());
        if (columns.stream().anyMatch(decoder::isMalformed)) {
            throw new UnreadableSourceException(1, "the header " + decoder.reason());
        }
        if (new HashSet<>(columns).size() < columns.size()) {
            throw new UnreadableSourceException(
                    1,
                    "the header names a column twice: " + String.join(", ", columns)
                            + "; if the file has no header, name the columns in the request");
        }
    }

    private void accept(CSVRecord row) {
        if (row.size() != columns.size()) {
            handler.refused(
                    line,
                    "has " + row.size() + " columns instead of " + columns.size() + " (" + String.join(", ", columns)
                            + "); quote values that hold the separator");
        } else if (row.stream().anyMatch(decoder::isMalformed)) {
            handler.refused(line, decoder.reason());
        } else if (named && line == 1 && row.toList().equals(columns)) {
            handler.refused(line, "is a header row that repeats the named columns; remove it, or name no columns");
        } else {
            ObjectNode fields = JsonNodeFactory.instance.objectNode();
            for (int column = 0; column < row.size(); column++) {
                fields.put(columns.get(column), row.get(column));
            }
            handler.row(new Row(line, fields));
        }
    }
}
