package io.rootstock.evaluation.task.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.rootstock.evaluation.task.DataFile;
import io.rootstock.evaluation.task.RowFormat;
import io.rootstock.evaluation.task.SuiteFolder;
import io.rootstock.evaluation.task.TaskLimits;
import io.rootstock.yaml.InvalidFileException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RowReaderTest {
    private static final RowFormat LINES = new RowFormat.JsonLines();
    private static final RowFormat CSV = new RowFormat.Delimited(',', List.of(), true);

    @TempDir
    private Path folder;

    @Test
    void readsJsonLinesWithTheirLineNumbers() {
        List<Row> rows =
                rows("\uFEFF{\"a\": 1, \"b\": [true, null, 1.5, {\"c\": \"d\"}]}\r\n\n{\"a\": \"\u00e9\"}", LINES);
        assertThat(rows).extracting(Row::line).containsExactly(1L, 3L);
        assertThat(rows).extracting(Row::index).containsExactly(0, 1);
        assertThat(rows.getFirst().fields())
                .containsEntry("a", 1L)
                .containsEntry("b", Arrays.asList(true, null, 1.5, Map.of("c", "d")));
        assertThat(rows.getLast().fields()).containsEntry("a", "\u00e9");
        assertThat(rows.getLast().place()).isEqualTo("rows:3");
    }

    @Test
    void readsArraysAtTheTopAndInAField() {
        assertThat(rows("[{\"a\": 1},\n\n {\"a\": 2}]", new RowFormat.AnyJson()))
                .extracting(Row::line)
                .containsExactly(1L, 3L);
        assertThat(rows(" {\"a\": 1}\n{\"a\": 2}", new RowFormat.AnyJson())).hasSize(2);
        assertThat(rows("{\"x\": [{\"y\": 1}], \"rows\": [{\"a\": 7}]}", new RowFormat.JsonArray(Optional.of("rows"))))
                .extracting(Row::fields)
                .containsExactly(Map.of("a", 7L));
    }

    @Test
    void readsRowsThatAreArraysFromSeveralFields() {
        String json = "{\"oos\": [[\"c\", \"x\"]], \"other\": 1, \"test\": [[\"a\", 1],\n[\"b\", null]]}";
        List<Row> rows = rows(json, new RowFormat.JsonArray(List.of("test", "oos"), List.of("text", "label")));
        assertThat(rows).extracting(row -> row.fields().get("text")).containsExactly("a", "b", "c");
        assertThat(rows.get(1).fields()).containsEntry("label", null);
        assertThat(rows).extracting(Row::line).containsExactly(1L, 2L, 1L);
        assertThat(rows("[[1, 2]]", new RowFormat.JsonArray(List.of(), List.of("a", "b"))))
                .extracting(Row::fields)
                .containsExactly(Map.of("a", 1L, "b", 2L));
    }

    @Test
    void findsColumnTypesAsPandas() {
        List<Row> rows = rows("text,n,x,b,m\r\n\"a, \"\"b\"\"\nc\",1 ,1,True,1\r\nd,2,1.5,false,\n", CSV);
        assertThat(rows.getFirst().fields())
                .isEqualTo(Map.of("text", "a, \"b\"\nc", "n", 1L, "x", 1.0, "b", true, "m", 1.0));
        assertThat(rows.getLast().line()).isEqualTo(4);
        assertThat(rows.getLast().fields()).containsEntry("m", null).containsEntry("x", 1.5);
    }

    @Test
    void readsTabsWithoutHeaderAndQuotes() {
        RowFormat tsv = new RowFormat.Delimited('\t', List.of("text", "label"), false);
        assertThat(rows("\"good\t1\nbad\"\t0\n", tsv))
                .extracting(Row::fields)
                .containsExactly(Map.of("text", "\"good", "label", 1L), Map.of("text", "bad\"", "label", 0L));
    }

    @Test
    void decompressesGzip() {
        SuiteFolder suite = new SuiteFolder(folder).with("rows.jsonl.gz", SuiteFolder.gzip("{\"a\": 1}\n"));
        assertThat(RowReader.read(suite, file("rows.jsonl.gz", LINES)))
                .extracting(Row::fields)
                .containsExactly(Map.of("a", 1L));
    }

    @Test
    void alignsLinesOfSeveralFiles() {
        SuiteFolder suite = new SuiteFolder(folder).with("a.en", "one\ntwo\n").with("a.de", "eins\nzwei");
        DataFile data =
                new DataFile(List.of("a.en", "a.de"), new RowFormat.AlignedLines(List.of("en", "de")), "suite.yaml", 4);
        assertThat(RowReader.read(suite, data))
                .extracting(Row::fields)
                .containsExactly(Map.of("en", "one", "de", "eins"), Map.of("en", "two", "de", "zwei"));

        suite.with("a.de", "eins\n");
        InvalidFileException refused =
                catchThrowableOfType(InvalidFileException.class, () -> RowReader.read(suite, data));
        assertThat(refused).hasMessageContaining("a.de:1: the file has 1 lines, but a.en has 2");
    }

    @Test
    void addsFieldsOfTheRowHalfTheSplitFurtherOn() {
        SuiteFolder suite = new SuiteFolder(folder).with("rows", "{\"a\": 1}\n{\"a\": 2}\n{\"a\": 3}\n{\"a\": 4}\n");
        assertThat(RowReader.read(suite, new DataFile(List.of("rows"), LINES, Map.of("b", "a"), "suite.yaml", 9)))
                .extracting(Row::fields)
                .containsExactly(
                        Map.of("a", 1L, "b", 3L),
                        Map.of("a", 2L, "b", 4L),
                        Map.of("a", 3L, "b", 1L),
                        Map.of("a", 4L, "b", 2L));

        DataFile unknown = new DataFile(List.of("rows"), LINES, Map.of("b", "c"), "suite.yaml", 9);
        assertThat(catchThrowableOfType(InvalidFileException.class, () -> RowReader.read(suite, unknown)))
                .hasMessageContaining("rows:3: the row has no field 'c', which other_row names");
        DataFile present = new DataFile(List.of("rows"), LINES, Map.of("a", "a"), "suite.yaml", 9);
        assertThat(catchThrowableOfType(InvalidFileException.class, () -> RowReader.read(suite, present)))
                .hasMessageContaining("rows:1: the row has a field 'a', which other_row adds");
    }

    @Test
    void flattensSquad() {
        String json = """
                {"version": "1.1", "data": [{"title": "T", "paragraphs": [{"context": "C", "qas": [
                  {"id": "1", "question": "Q", "answers": [{"text": "A", "answer_start": 0}, {"text": "B", "answer_start": 1}]}
                ]}]}]}
                """;
        assertThat(rows(json, new RowFormat.Squad()))
                .extracting(Row::fields)
                .containsExactly(
                        Map.of("id", "1", "title", "T", "context", "C", "question", "Q", "answers", List.of("A", "B")));
    }

    static Stream<Arguments> malformed() {
        String deep = "{\"a\": " + "[".repeat(20) + "]".repeat(20) + "}";
        return Stream.of(
                Arguments.of("{\"a\": 1}\n{\"a\": }\n", LINES, 2, "invalid JSON"),
                Arguments.of("{\"a\": 1}\n{\"a\": 1\n", LINES, 2, "invalid JSON"),
                Arguments.of("{\"a\": 1} 2\n", LINES, 1, "text follows the row's JSON object"),
                Arguments.of("[1]\n", LINES, 1, "not a JSON object"),
                Arguments.of("{\"a\": 1, \"a\": 2}\n", LINES, 1, "Duplicate field 'a'"),
                Arguments.of("{\"a\": 12345678901234567890}\n", LINES, 1, "exceeds 64 bits"),
                Arguments.of("{\"a\": NaN}\n", LINES, 1, "invalid JSON"),
                Arguments.of(deep, LINES, 1, "exceeds a limit"),
                Arguments.of("\n\n", LINES, 0, "the file has no rows"),
                Arguments.of(
                        "{\"a\": 1}\n\n[{\"a\": 1},\n{",
                        new RowFormat.JsonArray(Optional.empty()),
                        1,
                        "not a JSON array"),
                Arguments.of("[{\"a\": 1},\n{\"a\": x}]", new RowFormat.JsonArray(Optional.empty()), 2, "invalid JSON"),
                Arguments.of("{\"a\": 1}", new RowFormat.JsonArray(Optional.of("rows")), 1, "has no field 'rows'"),
                Arguments.of(
                        "[[1],\n[1, 2]]",
                        new RowFormat.JsonArray(List.of(), List.of("a")),
                        2,
                        "the row is not a JSON array of 1 items"),
                Arguments.of("a,b\n1,2\n3\n", CSV, 3, "the row has 1 values for 2 columns"),
                Arguments.of("a,a\n1,2\n", CSV, 1, "column names are empty or not unique"),
                Arguments.of("a,b\n1,\"x\n", CSV, 2, "invalid delimited text"),
                Arguments.of(
                        "{\"data\": [{\"paragraphs\": [{\"context\": 1, \"qas\": []}]}]}",
                        new RowFormat.Squad(),
                        1,
                        "'context' is missing"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void refusesMalformedRowsWithFileAndLine(String text, RowFormat format, int line, String reason) {
        InvalidFileException refused = catchThrowableOfType(InvalidFileException.class, () -> rows(text, format));
        assertThat(refused).isNotNull();
        assertThat(refused.reason()).contains(reason);
        assertThat(refused.file()).isEqualTo("rows");
        assertThat(refused.line()).isEqualTo(line);
    }

    @Test
    void refusesTextThatIsNotUtf8() {
        byte[] bytes = "a,b\n{\"a\": \"\u00e9\"}\n".getBytes(StandardCharsets.ISO_8859_1);
        SuiteFolder suite = new SuiteFolder(folder).with("rows", bytes);
        for (RowFormat format : List.of(CSV, new RowFormat.AlignedLines(List.of("a")))) {
            InvalidFileException refused =
                    catchThrowableOfType(InvalidFileException.class, () -> RowReader.read(suite, file("rows", format)));
            assertThat(refused.reason()).as(format.toString()).isEqualTo("the text is not UTF-8");
        }
    }

    @Test
    void refusesFilesThatAreNotGzip() {
        SuiteFolder suite = new SuiteFolder(folder).with("rows.gz", "{}");
        InvalidFileException refused =
                catchThrowableOfType(InvalidFileException.class, () -> RowReader.read(suite, file("rows.gz", LINES)));
        assertThat(refused).isNotNull();
        byte[] whole = SuiteFolder.gzip("{\"a\": 1}\n".repeat(100));
        suite.with("cut.gz", Arrays.copyOf(whole, whole.length / 2));
        assertThat(catchThrowableOfType(InvalidFileException.class, () -> RowReader.read(suite, file("cut.gz", LINES)))
                        .reason())
                .isEqualTo("the compressed file ends early");
    }

    @Test
    void refusesRowsBeyondTheLimit() {
        String long1 = "{\"a\": \"" + "x".repeat(TaskLimits.ROW_CHARACTERS + (200 << 10)) + "\"}\n";
        for (RowFormat format : List.of(LINES, new RowFormat.JsonArray(Optional.empty()))) {
            InvalidFileException refused = catchThrowableOfType(
                    InvalidFileException.class, () -> rows(format == LINES ? long1 : "[" + long1 + "]", format));
            assertThat(refused.reason()).contains("" + TaskLimits.ROW_CHARACTERS);
        }
        String quoted = "a\n\"" + "x\n".repeat(TaskLimits.ROW_CHARACTERS);
        assertThat(catchThrowableOfType(InvalidFileException.class, () -> rows(quoted, CSV))
                        .reason())
                .contains("a row has more than 4194304 characters");
    }

    @Test
    void namesTheSuiteWhereAFileIsMissing() {
        InvalidFileException refused = catchThrowableOfType(
                InvalidFileException.class, () -> RowReader.read(new SuiteFolder(folder), file("no.jsonl", LINES)));
        assertThat(refused).hasMessageStartingWith("suite.yaml:9: row file 'no.jsonl' is not in the suite");
    }

    private List<Row> rows(String text, RowFormat format) {
        return RowReader.read(new SuiteFolder(folder).with("rows", text), file("rows", format));
    }

    private static DataFile file(String path, RowFormat format) {
        return new DataFile(List.of(path), format, "suite.yaml", 9);
    }
}
