package io.rootstock.cli.score;

import io.rootstock.evaluation.task.TaskLimits;
import io.rootstock.evaluation.task.data.Row;
import io.rootstock.yaml.InvalidFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads rows of CSV with quotes, or of TSV without, whose first line names the columns. Values stay texts: 007 is not 7,
 * unlike in row files of tasks, whose columns have types.
 */
final class DelimitedOutputs {
    private DelimitedOutputs() {}

    static List<Row> read(Path file, boolean tabs) {
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setDelimiter(tabs ? '\t' : ',')
                .setQuote(tabs ? null : '"')
                .setIgnoreEmptyLines(true)
                .get();
        String name = file.toString();
        long line = 1;
        List<Row> rows = new ArrayList<>();
        try (CSVParser parser = CSVParser.builder()
                .setReader(OutputText.reader(file))
                .setFormat(format)
                .get()) {
            List<String> columns = List.of();
            for (CSVRecord csvRecord : parser) {
                if (columns.isEmpty()) {
                    columns = columns(csvRecord, name, line);
                } else if (rows.size() == TaskLimits.ROWS) {
                    throw new InvalidFileException(
                            name, line, "the file has more than " + TaskLimits.ROWS + " rows", "split the file");
                } else {
                    rows.add(new Row(rows.size(), name, line, fields(csvRecord, columns, name, line)));
                }
                line = parser.getCurrentLineNumber() + 1;
            }
            return rows;
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof CSVException invalid) {
                throw new InvalidFileException(
                        name, line, "invalid delimited text: " + invalid.getMessage(), "correct the quotes");
            }
            throw OutputText.failure(file, e.getCause());
        } catch (IOException e) {
            throw OutputText.failure(file, e);
        }
    }

    private static List<String> columns(CSVRecord header, String file, long line) {
        List<String> names = header.toList();
        if (new HashSet<>(names).size() < names.size() || names.contains("")) {
            throw new InvalidFileException(
                    file, line, "column names are empty or not unique: " + names, "name each column in the first line");
        }
        return names;
    }

    private static Map<String, Object> fields(CSVRecord row, List<String> columns, String file, long line) {
        if (row.size() != columns.size()) {
            throw new InvalidFileException(
                    file,
                    line,
                    "the row has " + row.size() + " values, but the header has " + columns.size() + " columns",
                    "correct the row");
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int column = 0; column < columns.size(); column++) {
            fields.put(columns.get(column), row.get(column));
        }
        return fields;
    }
}
