package io.rootstock.corpus.reader;

import io.rootstock.corpus.bytes.ByteLines;
import io.rootstock.corpus.bytes.Utf8;
import io.rootstock.corpus.unit.InputFormat;
import io.rootstock.corpus.unit.Unit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/**
 * Reads a TSV file, or a byte range of a CSV file without quotes: each line is a row.
 *
 * <p>The columns are named by the settings, or by the first line of the file, which each unit reads.
 */
final class DelimitedLineDocuments {
    private final List<String> columns;
    private final byte delimiter;
    private final DocumentSink sink;
    private final int text;
    private final int url;
    private final int licence;
    private final int[] ends;

    private DelimitedLineDocuments(List<String> columns, byte delimiter, DocumentSink sink) {
        this.columns = columns;
        this.delimiter = delimiter;
        this.sink = sink;
        this.text = columns.indexOf(sink.settings().fields().text());
        this.url = columns.indexOf(sink.settings().fields().url());
        this.licence = columns.indexOf(sink.settings().fields().licence());
        this.ends = new int[columns.size() + 1];
    }

    /** Reads the rows of a unit. */
    static void read(Unit unit, UnitInput input, ByteLines lines, DocumentSink sink) throws IOException {
        byte delimiter = delimiter(unit, sink);
        List<String> columns = sink.settings().columns();
        if (columns.isEmpty()) {
            boolean first = unit.range().from() == 0;
            int longest = sink.settings().limits().recordBytes();
            columns = header(
                    first ? lines : new ByteLines(Utf8Input.of(input.before(), StandardCharsets.UTF_8), longest, 0),
                    delimiter,
                    unit);
        }
        DelimitedLineDocuments documents = new DelimitedLineDocuments(columns, delimiter, sink);
        if (documents.text < 0) {
            throw new UnreadableRestException(
                    unit.file().name() + ":1",
                    "has no column '" + sink.settings().fields().text() + "' (it has " + String.join(", ", columns)
                            + "); set the name of the text column");
        }
        new RecordLines(lines, sink, true).read(documents::readLine);
    }

    private static byte delimiter(Unit unit, DocumentSink sink) {
        char standard = unit.file().format() == InputFormat.TSV ? '\t' : ',';
        char delimiter = sink.settings().delimiter().orElse(standard);
        if (delimiter >= 0x80) {
            throw new UnreadableRestException(
                    sink.at(unit.range().from()), "has a delimiter outside of ASCII; replace it by a tab");
        }
        return (byte) delimiter;
    }

    private static List<String> header(ByteLines lines, byte delimiter, Unit unit) throws IOException {
        String problem = null;
        List<String> names = List.of();
        if (!lines.next() || lines.cut()) {
            problem = "has no header row";
        } else if (Utf8.firstInvalid(lines.buffer(), lines.from(), lines.to()) >= 0) {
            problem = "has a header row that is not valid UTF-8; set the encoding";
        } else {
            String line = new String(lines.buffer(), lines.from(), lines.to() - lines.from(), StandardCharsets.UTF_8);
            names = Arrays.asList(line.split(java.util.regex.Pattern.quote("" + (char) delimiter), -1));
            if (new HashSet<>(names).size() < names.size()) {
                problem = "the header names a column twice: " + String.join(", ", names)
                        + "; if the file has no header, name the columns in the settings";
            }
        }
        if (problem != null) {
            throw new UnreadableRestException(unit.file().name() + ":1", problem);
        }
        return names;
    }

    private void readLine(byte[] buffer, int from, int to, String location) {
        int count = 0;
        int at = from;
        while (true) {
            int end = Utf8.indexOf(buffer, at, to, delimiter);
            if (count < columns.size()) {
                ends[count + 1] = end;
            }
            count++;
            if (end == to) {
                break;
            }
            at = end + 1;
        }
        if (count != columns.size()) {
            sink.refuse(
                    location,
                    "has " + count + " columns instead of " + columns.size() + " (" + String.join(", ", columns)
                            + "); quote values that hold the separator");
            return;
        }
        ends[0] = from - 1;
        sink.accept(location, value(buffer, text), string(buffer, url), string(buffer, licence));
    }

    private byte[] value(byte[] buffer, int column) {
        return Arrays.copyOfRange(buffer, ends[column] + 1, ends[column + 1]);
    }

    private String string(byte[] buffer, int column) {
        if (column < 0) {
            return null;
        }
        String value = new String(value(buffer, column), StandardCharsets.UTF_8);
        return value.isEmpty() ? null : value;
    }
}
