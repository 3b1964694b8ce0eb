package io.rootstock.evaluation.task.data;

import io.rootstock.evaluation.task.RowFormat.Delimited;
import io.rootstock.evaluation.task.TaskLimits;
import io.rootstock.yaml.InvalidFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads rows from delimited text. Column types are found as by pandas: integers, numbers, booleans, else text. */
final class DelimitedRows {
    private final String file;
    private final Delimited format;

    DelimitedRows(String file, Delimited format) {
        this.file = file;
        this.format = format;
    }

    void read(RowInput input, RowSink sink) throws IOException {
        CSVFormat csv = CSVFormat.DEFAULT
                .builder()
                .setDelimiter(format.delimiter())
                .setQuote(format.quotes() ? '"' : null)
                .setIgnoreEmptyLines(true)
                .get();
        List<String> names = new ArrayList<>(format.columns());
        List<Line> records = new ArrayList<>();
        long line = 1;
        try (CSVParser parser =
                CSVParser.builder().setReader(input).setFormat(csv).get()) {
            for (CSVRecord csvRecord : parser) {
                input.rowEnds();
                if (names.isEmpty()) {
                    names.addAll(header(csvRecord, line));
                } else {
                    records.add(row(csvRecord, names.size(), line));
                }
                line = parser.getCurrentLineNumber() + 1;
            }
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof CSVException failure) {
                throw new InvalidFileException(
                        file, line, "invalid delimited text: " + failure.getMessage(), "correct the quotes");
            }
            throw e.getCause();
        }
        List<ColumnType> types = new ArrayList<>();
        for (int column = 0; column < names.size(); column++) {
            types.add(ColumnType.of(records, column));
        }
        for (Line row : records) {
            Map<String, Object> fields = new LinkedHashMap<>();
            for (int column = 0; column < names.size(); column++) {
                fields.put(
                        names.get(column), types.get(column).value(row.values().get(column)));
            }
            sink.add(file, row.number(), fields);
        }
    }

    private List<String> header(CSVRecord header, long line) {
        List<String> names = header.toList();
        if (names.size() > TaskLimits.COLUMNS) {
            throw new InvalidFileException(
                    file, line, "the file has more than " + TaskLimits.COLUMNS + " columns", "remove columns");
        }
        if (new HashSet<>(names).size() < names.size() || names.contains("")) {
            throw new InvalidFileException(
                    file,
                    line,
                    "column names are empty or not unique: " + names,
                    "name each column, or state column_names");
        }
        return names;
    }

    private Line row(CSVRecord csvRecord, int columns, long line) {
        if (csvRecord.getRecordNumber() > TaskLimits.ROWS + 1L) {
            throw new InvalidFileException(
                    file, line, "the file has more than " + TaskLimits.ROWS + " rows", "remove rows");
        }
        if (csvRecord.size() != columns) {
            throw new InvalidFileException(
                    file,
                    line,
                    "the row has " + csvRecord.size() + " values for " + columns + " columns",
                    "quote values that contain the delimiter, or correct the delimiter");
        }
        return new Line(line, csvRecord.toList());
    }

    private record Line(long number, List<String> values) {}

    private enum ColumnType {
        INTEGER,
        NUMBER,
        BOOLEAN,
        TEXT;

        private static final Set<String> TRUE = Set.of("True", "TRUE", "true");
        private static final Set<String> FALSE = Set.of("False", "FALSE", "false");

        static ColumnType of(List<Line> records, int column) {
            boolean integers = true;
            boolean numbers = true;
            boolean booleans = true;
            boolean any = false;
            boolean missing = false;
            for (Line row : records) {
                String value = row.values().get(column);
                if (value.isEmpty()) {
                    missing = true;
                    continue;
                }
                any = true;
                String number = value.strip();
                integers &= number.matches("[-+]?[0-9]{1,18}");
                numbers &= number.matches("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?");
                booleans &= TRUE.contains(value) || FALSE.contains(value);
                if (!integers && !numbers && !booleans) {
                    return TEXT;
                }
            }
            if (!any) {
                return TEXT;
            }
            if (integers && !missing) {
                return INTEGER;
            }
            return numbers ? NUMBER : BOOLEAN;
        }

        Object value(String text) {
            if (text.isEmpty()) {
                return null;
            }
            return switch (this) {
                case INTEGER -> Long.valueOf(text.strip());
                case NUMBER -> Double.valueOf(text.strip());
                case BOOLEAN -> TRUE.contains(text);
                case TEXT -> text;
            };
        }
    }
}
