package io.rootstock.evaluation.task.data;

import io.rootstock.evaluation.task.DataFile;
import io.rootstock.evaluation.task.RowFormat;
import io.rootstock.evaluation.task.SuiteFiles;
import io.rootstock.evaluation.task.TaskLimits;
import io.rootstock.yaml.InvalidFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipException;

/** Reads the rows of a split. */
public final class RowReader {
    private final SuiteFiles files;
    private final DataFile data;

    private RowReader(SuiteFiles files, DataFile data) {
        this.files = files;
        this.data = data;
    }

    /**
     * Reads all rows of a split in the files' order.
     *
     * @throws InvalidFileException with file and line, if a file is missing, malformed or exceeds a limit, or has no rows
     */
    public static List<Row> read(SuiteFiles files, DataFile data) {
        List<Row> rows = new RowReader(files, data).rows();
        if (rows.isEmpty()) {
            throw new InvalidFileException(data.paths().getFirst(), 0, "the file has no rows", "add rows");
        }
        return rows;
    }

    private List<Row> rows() {
        RowSink sink = new RowSink();
        if (data.format() instanceof RowFormat.AlignedLines aligned) {
            aligned(aligned.columns(), sink);
        } else {
            for (String path : data.paths()) {
                read(path, sink);
            }
        }
        return data.otherRow().isEmpty() ? List.copyOf(sink.rows()) : withOtherRow(sink.rows());
    }

    private List<Row> withOtherRow(List<Row> rows) {
        List<Row> extended = new ArrayList<>();
        for (Row row : rows) {
            Row other = rows.get((row.index() + rows.size() / 2) % rows.size());
            Map<String, Object> fields = new LinkedHashMap<>(row.fields());
            data.otherRow().forEach((added, field) -> {
                if (row.fields().containsKey(added)) {
                    throw row.error("the row has a field '" + added + "', which other_row adds", "choose another name");
                }
                if (!other.fields().containsKey(field)) {
                    throw other.error(
                            "the row has no field '" + field + "', which other_row names", "correct the name");
                }
                fields.put(added, other.fields().get(field));
            });
            extended.add(new Row(row.index(), row.file(), row.line(), fields));
        }
        return extended;
    }

    private void read(String path, RowSink sink) {
        long[] line = {1};
        try (RowInput input = open(path)) {
            try {
                switch (data.format()) {
                    case RowFormat.JsonLines _ -> new JsonRows(path).lines(input, sink);
                    case RowFormat.JsonArray(List<String> fields, List<String> columns) ->
                        jsonArrays(path, input, fields, columns, sink);
                    case RowFormat.AnyJson _ -> anyJson(path, input, sink);
                    case RowFormat.Delimited delimited -> new DelimitedRows(path, delimited).read(input, sink);
                    case RowFormat.Squad _ -> squad(path, input, sink);
                    case RowFormat.AlignedLines _ -> throw new AssertionError("read by columns");
                }
            } finally {
                line[0] = input.line();
            }
        } catch (IOException e) {
            throw failure(path, line[0], e);
        }
    }

    private RowInput open(String path) throws IOException {
        return RowInput.open(files, path, data.source(), data.line());
    }

    private static RuntimeException failure(String path, long line, IOException failure) {
        return switch (failure) {
            case CharacterCodingException _ ->
                new InvalidFileException(path, line, "the text is not UTF-8", "save it as UTF-8");
            case ZipException _ ->
                new InvalidFileException(
                        path, 0, "the file is not gzip: " + failure.getMessage(), "compress it with gzip");
            case java.io.EOFException _ ->
                new InvalidFileException(path, line, "the compressed file ends early", "compress it again");
            default -> new UncheckedIOException(failure);
        };
    }

    private void jsonArrays(String path, RowInput input, List<String> fields, List<String> columns, RowSink sink)
            throws IOException {
        JsonRows rows = new JsonRows(path);
        rows.array(input, fields.stream().findFirst(), columns, sink);
        for (String field : fields.subList(Math.min(1, fields.size()), fields.size())) {
            try (RowInput again = open(path)) {
                rows.array(again, Optional.of(field), columns, sink);
            }
        }
    }

    private void anyJson(String path, RowInput input, RowSink sink) throws IOException {
        try (RowInput first = open(path)) {
            int c = first.read();
            while (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
                c = first.read();
            }
            if (c == '[') {
                new JsonRows(path).array(input, Optional.empty(), List.of(), sink);
                return;
            }
        }
        new JsonRows(path).lines(input, sink);
    }

    private static void squad(String path, RowInput input, RowSink sink) throws IOException {
        RowSink articles = new RowSink();
        new JsonRows(path).array(input, Optional.of("data"), List.of(), articles);
        articles.rows().forEach(new SquadRows(sink)::add);
    }

    private void aligned(List<String> columns, RowSink sink) {
        List<List<String>> texts = new ArrayList<>();
        for (String path : data.paths()) {
            texts.add(lines(path));
        }
        for (int i = 1; i < texts.size(); i++) {
            if (texts.get(i).size() != texts.getFirst().size()) {
                throw new InvalidFileException(
                        data.paths().get(i),
                        texts.get(i).size(),
                        "the file has " + texts.get(i).size() + " lines, but "
                                + data.paths().getFirst() + " has "
                                + texts.getFirst().size(),
                        "align the files line by line");
            }
        }
        for (int i = 0; i < texts.getFirst().size(); i++) {
            Map<String, Object> fields = new LinkedHashMap<>();
            for (int column = 0; column < columns.size(); column++) {
                fields.put(columns.get(column), texts.get(column).get(i));
            }
            sink.add(data.paths().getFirst(), i + 1L, fields);
        }
    }

    private List<String> lines(String path) {
        List<String> lines = new ArrayList<>();
        try (RowInput input = open(path)) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                if (lines.size() == TaskLimits.ROWS) {
                    throw new InvalidFileException(
                            path, lines.size(), "the file has more than " + TaskLimits.ROWS + " lines", "remove lines");
                }
                lines.add(line);
            }
            return lines;
        } catch (IOException e) {
            throw failure(path, lines.size() + 1L, e);
        }
    }
}
