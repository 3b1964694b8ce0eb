package io.rootstock.evaluation.task.yaml;

import io.rootstock.evaluation.task.DataFile;
import io.rootstock.evaluation.task.RowFormat;
import io.rootstock.yaml.Settings;
import io.rootstock.yaml.YamlText;
import io.rootstock.yaml.YamlValue.Entry;
import io.rootstock.yaml.YamlValue.Mapping;
import io.rootstock.yaml.YamlValue.Scalar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the row files of splits: {@code data} of a suite, and {@code dataset_kwargs} of a task file. */
public final class DataFileReader {
    private DataFileReader() {}

    /** Reads a mapping of splits to row files, each a path or {@code files}, {@code format} and options. */
    public static Map<String, DataFile> splits(Settings splits) {
        Map<String, DataFile> files = new LinkedHashMap<>();
        for (Entry entry : splits.mapping().entries().values()) {
            files.put(entry.key(), file(splits, entry));
        }
        return files;
    }

    private static DataFile file(Settings splits, Entry entry) {
        if (entry.value() instanceof Scalar) {
            YamlText path = splits.source(entry);
            return new DataFile(List.of(SuitePaths.resolve("", path)), byName(path), path.file(), path.line());
        }
        Settings settings = Settings.of("data." + entry.key(), entry.value());
        settings.requireOnly(
                Set.of("files", "format", "field", "columns", "delimiter", "quotes", "other_row"), Map.of());
        settings.required("files");
        List<YamlText> paths = settings.texts("files", true).orElseThrow();
        if (paths.isEmpty()) {
            throw entry.error("'files' is empty", "name at least one row file");
        }
        Optional<YamlText> format = settings.source("format");
        List<String> columns = texts(settings, "columns");
        RowFormat rowFormat = format.isEmpty() ? byName(paths.getFirst()) : format(format.get(), columns, paths);
        return new DataFile(
                resolved(paths),
                withOptions(rowFormat, settings, columns),
                otherRow(settings),
                entry.file(),
                entry.line());
    }

    private static Map<String, String> otherRow(Settings settings) {
        Map<String, String> fields = new LinkedHashMap<>();
        settings.entry("other_row").ifPresent(entry -> {
            if (!(entry.value() instanceof Mapping mapping)) {
                throw entry.error("'other_row' is not a mapping", "write other_row: {NEW_FIELD: FIELD}");
            }
            for (Entry field : mapping.entries().values()) {
                if (!(field.value() instanceof Scalar)) {
                    throw field.error("'" + field.key() + "' names no field", "write other_row: {NEW_FIELD: FIELD}");
                }
                fields.put(field.key(), settings.source(field).text());
            }
        });
        return fields;
    }

    private static RowFormat withOptions(RowFormat format, Settings settings, List<String> columns) {
        return switch (format) {
            case RowFormat.Delimited delimited ->
                new RowFormat.Delimited(
                        delimiter(settings, "delimiter").orElse(delimited.delimiter()),
                        columns,
                        settings.truth("quotes", delimited.quotes()));
            case RowFormat.JsonLines _
            when !columns.isEmpty() && settings.entry("field").isEmpty() ->
                throw settings.required("columns")
                        .error("rows of JSON lines are objects, which name their fields", "remove columns");
            case RowFormat.AnyJson _, RowFormat.JsonLines _, RowFormat.JsonArray _
            when settings.entry("field").isPresent() || !columns.isEmpty() ->
                new RowFormat.JsonArray(fields(settings), columns);
            default -> format;
        };
    }

    private static List<String> fields(Settings settings) {
        List<String> fields = settings.texts("field", true).orElse(List.of()).stream()
                .map(YamlText::text)
                .toList();
        if (new HashSet<>(fields).size() < fields.size()) {
            throw settings.required("field").error("'field' names a field twice", "name each field once");
        }
        return fields;
    }

    /**
     * Reads {@code dataset_kwargs} of lm-evaluation-harness' local datasets.
     *
     * @param builder {@code dataset_path}: json, csv or text
     * @param settings the keys of dataset_kwargs
     */
    static Map<String, DataFile> ofBuilder(String builder, Settings settings) {
        settings.requireOnly(
                switch (builder) {
                    case "csv" -> Set.of("data_files", "delimiter", "sep", "column_names", "quoting");
                    case "json" -> Set.of("data_files", "field");
                    default -> Set.of("data_files");
                },
                Map.of("trust_remote_code", "remove it: task files run no Python code"));
        RowFormat format = switch (builder) {
            case "csv" -> delimited(settings);
            case "json" ->
                settings.text("field").isPresent()
                        ? new RowFormat.JsonArray(settings.text("field"))
                        : new RowFormat.AnyJson();
            default -> new RowFormat.AlignedLines(List.of("text"));
        };
        Entry files = settings.required("data_files");
        Map<String, DataFile> splits = new LinkedHashMap<>();
        if (files.value() instanceof Mapping mapping) {
            Settings bySplit = new Settings("dataset_kwargs.data_files", mapping);
            for (Entry entry : mapping.entries().values()) {
                splits.put(entry.key(), dataFile(bySplit.texts(entry.key(), true), entry, format));
            }
        } else {
            splits.put("train", dataFile(settings.texts("data_files", true), files, format));
        }
        return splits;
    }

    private static DataFile dataFile(Optional<List<YamlText>> paths, Entry entry, RowFormat format) {
        if (paths.isEmpty() || paths.get().isEmpty()) {
            throw entry.error("'" + entry.key() + "' names no file", "name at least one row file");
        }
        if (format instanceof RowFormat.AlignedLines && paths.get().size() > 1) {
            throw entry.error("dataset_path: text reads one file", "concatenate the files");
        }
        return new DataFile(resolved(paths.get()), format, entry.file(), entry.line());
    }

    private static RowFormat.Delimited delimited(Settings settings) {
        Optional<Character> delimiter = delimiter(settings, "delimiter").or(() -> delimiter(settings, "sep"));
        Optional<Integer> quoting = settings.integer("quoting", 0, 3);
        quoting.filter(style -> style == 1 || style == 2).ifPresent(style -> {
            throw settings.required("quoting")
                    .error("quoting " + style + " is not supported", "write quoting: 0 for quotes or 3 for none");
        });
        return new RowFormat.Delimited(delimiter.orElse(','), texts(settings, "column_names"), quoting.orElse(0) != 3);
    }

    private static Optional<Character> delimiter(Settings settings, String key) {
        return settings.source(key).map(delimiter -> {
            if (delimiter.text().length() != 1) {
                throw delimiter.error(
                        "'" + key + "' has " + delimiter.text().length() + " characters", "write one, such as \"\\t\"");
            }
            return delimiter.text().charAt(0);
        });
    }

    private static List<String> texts(Settings settings, String key) {
        return settings.texts(key, false).orElse(List.of()).stream()
                .map(YamlText::text)
                .toList();
    }

    private static List<String> resolved(List<YamlText> paths) {
        List<String> resolved = new ArrayList<>();
        paths.forEach(path -> resolved.add(SuitePaths.resolve("", path)));
        return resolved;
    }

    private static RowFormat byName(YamlText path) {
        String name = path.text().endsWith(".gz")
                ? path.text().substring(0, path.text().length() - 3)
                : path.text();
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "jsonl" -> new RowFormat.JsonLines();
            case "json" -> new RowFormat.AnyJson();
            case "csv" -> new RowFormat.Delimited(',', List.of(), true);
            case "tsv" -> new RowFormat.Delimited('\t', List.of(), true);
            case "txt" -> new RowFormat.AlignedLines(List.of("text"));
            default ->
                throw path.error(
                        "the format of '" + path.text() + "' is unknown",
                        "add format: jsonl, json, csv, tsv, lines or squad");
        };
    }

    private static RowFormat format(YamlText format, List<String> columns, List<YamlText> paths) {
        return switch (format.text()) {
            case "jsonl" -> new RowFormat.JsonLines();
            case "json" -> new RowFormat.AnyJson();
            case "csv" -> new RowFormat.Delimited(',', List.of(), true);
            case "tsv" -> new RowFormat.Delimited('\t', List.of(), true);
            case "squad" -> new RowFormat.Squad();
            case "lines" -> {
                if (columns.size() != paths.size()) {
                    throw format.error(
                            "format lines has " + columns.size() + " columns for " + paths.size() + " files",
                            "write one column name per file");
                }
                yield new RowFormat.AlignedLines(columns);
            }
            default ->
                throw format.error(
                        "unknown format '" + format.text() + "'", "write jsonl, json, csv, tsv, lines or squad");
        };
    }
}
