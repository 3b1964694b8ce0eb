package io.rootstock.cli.score;

import io.rootstock.cli.error.CliException;
import io.rootstock.evaluation.task.DataFile;
import io.rootstock.evaluation.task.RowFormat;
import io.rootstock.evaluation.task.data.Row;
import io.rootstock.evaluation.task.data.RowReader;
import io.rootstock.yaml.InvalidFileException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads outputs with their references from files. */
final class OutputRows {
    private static final String PREDICTION = "prediction";
    private static final String REFERENCE = "reference";

    private OutputRows() {}

    /**
     * Reads a .jsonl, .json, .csv or .tsv file.
     *
     * @param referenceField field with the reference, or in JSON a list of references
     * @param predictionField field with the output
     * @throws InvalidFileException with file and line of the first malformed row
     */
    static List<ScoredRow> ofFields(Path file, String referenceField, String predictionField) {
        OutputText.requireReadable(file);
        String name = OutputText.plainName(file);
        List<Row> rows = switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "jsonl" -> read(List.of(file), new RowFormat.JsonLines());
            case "json" -> read(List.of(file), new RowFormat.AnyJson());
            case "csv" -> DelimitedOutputs.read(file, false);
            case "tsv" -> DelimitedOutputs.read(file, true);
            default ->
                throw new CliException(
                        "the format of " + file + " is unknown",
                        "use a .jsonl, .json, .csv or .tsv file, or name line-aligned references with --reference-file");
        };
        if (rows.isEmpty()) {
            throw new CliException(file + " has no rows", "add rows");
        }
        List<ScoredRow> scored = new ArrayList<>();
        for (Row row : rows) {
            List<String> references = texts(row, referenceField, "--reference-field");
            if (references.contains("")) {
                throw row.error("'" + referenceField + "' is empty", "write the reference, or remove the row");
            }
            List<String> predictions = texts(row, predictionField, "--prediction-field");
            if (predictions.size() != 1) {
                throw row.error("'" + predictionField + "' is a list", "write one text");
            }
            scored.add(new ScoredRow(row.file(), row.line(), predictions.getFirst(), references));
        }
        return scored;
    }

    /**
     * Reads a file with one output per line.
     *
     * @param referenceFiles files whose lines with the same number are references, one or more
     */
    static List<ScoredRow> ofLines(Path file, List<Path> referenceFiles) {
        List<Path> files =
                Stream.concat(Stream.of(file), referenceFiles.stream()).toList();
        files.forEach(OutputText::requireReadable);
        List<String> columns = new ArrayList<>(List.of(PREDICTION));
        for (int i = 0; i < referenceFiles.size(); i++) {
            columns.add(REFERENCE + i);
        }
        List<ScoredRow> scored = new ArrayList<>();
        for (Row row : read(files, new RowFormat.AlignedLines(columns))) {
            List<String> references = new ArrayList<>();
            columns.stream()
                    .skip(1)
                    .map(column -> (String) row.fields().get(column))
                    .forEach(references::add);
            scored.add(
                    new ScoredRow(row.file(), row.line(), (String) row.fields().get(PREDICTION), references));
        }
        return scored;
    }

    private static List<Row> read(List<Path> files, RowFormat format) {
        List<String> paths = files.stream().map(Path::toString).toList();
        try {
            return RowReader.read(OutputText.FILES, new DataFile(paths, format, paths.getFirst(), 0));
        } catch (UncheckedIOException e) {
            throw OutputText.failure(files.getFirst(), e.getCause());
        }
    }

    private static List<String> texts(Row row, String field, String option) {
        if (!row.fields().containsKey(field)) {
            throw row.error(
                    "the row has no field '" + field + "'; its fields: "
                            + String.join(", ", row.fields().keySet()),
                    "name the field with " + option + " FIELD");
        }
        Object value = row.fields().get(field);
        if (!(value instanceof List<?> list)) {
            return List.of(text(row, field, value));
        }
        if (list.isEmpty()) {
            throw row.error("'" + field + "' is an empty list", "write at least one text");
        }
        return list.stream().map(item -> text(row, field, item)).toList();
    }

    private static String text(Row row, String field, Object value) {
        return switch (value) {
            case String text -> text;
            case Long number -> number.toString();
            case Double number -> number.toString();
            case Boolean truth -> truth.toString();
            case null, default -> throw row.error("'" + field + "' is not a text", "write a text or a number");
        };
    }
}
