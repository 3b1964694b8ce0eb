package io.rootstock.corpus.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Files of 10,000 rows with one error at row 100: reading resumes after it, or fails at it. */
class UnreadableSourceTest {
    private static final int ROWS = 10_000;
    private static final int BAD = 100;

    private final List<Row> rows = new ArrayList<>();
    private final List<RefusedRow> refused = new ArrayList<>();

    @Test
    void jsonLinesResumeAtTheNextLine() throws IOException {
        read("a.jsonl", file("", i -> "{\"text\": \"row " + i + (i == BAD ? "\n" : "\"}\n"), ""));
        assertThat(rows).hasSize(ROWS - 1);
        assertThat(refused).singleElement().satisfies(row -> {
            assertThat(row.line()).isEqualTo(BAD);
            assertThat(row.reason()).contains("not valid JSON", "one object a line");
        });
    }

    @Test
    void aCsvRowWithMissingColumnsIsRefusedAlone() throws IOException {
        read("a.csv", file("label,text\n", i -> i == BAD ? "ham\n" : "ham,row " + i + "\n", ""));
        assertThat(rows).hasSize(ROWS - 1);
        assertThat(refused)
                .singleElement()
                .satisfies(row -> assertThat(row.line()).isEqualTo(BAD + 1));
    }

    @Test
    void aCsvQuoteThatIsNotClosedFailsTheFile() {
        assertUnreadable(
                "a.csv",
                file("label,text\n", i -> i == BAD ? "ham,\"row\n" : "ham,row " + i + "\n", ""),
                BAD + 1,
                "is not closed before the end of the file",
                "write a quote inside of quoted values twice");
        assertThat(rows).hasSize(BAD - 1);
    }

    @Test
    void aCsvQuoteThatEndsAtAnotherRowsQuoteFailsTheFile() {
        assertUnreadable(
                "a.csv",
                file(
                        "label,text\n",
                        i -> i == BAD ? "ham,\"row\n" : i == 2 * BAD ? "ham,\"quoted\"\n" : "ham,row " + i + "\n",
                        ""),
                BAD + 1,
                "has text after its closing quote");
        assertThat(rows).hasSize(BAD - 1);
    }

    @Test
    void aCsvRowAboveTheMaximumFailsInsteadOfFillingMemory() {
        byte[] open = ("text\n\"" + "x".repeat(SourceLimits.DEFAULT.maxRowCharacters() + (1 << 17)))
                .getBytes(StandardCharsets.UTF_8);
        assertUnreadable("a.csv", open, 2, "is longer than 16777216 characters");
    }

    @Test
    void aLineOf50MegabytesIsRefusedAloneAndNeverHeld() throws IOException {
        byte[] line = ("{\"text\": \"" + "x".repeat(50 << 20) + "\"}\n{\"text\": \"short\"}\n")
                .getBytes(StandardCharsets.UTF_8);
        read("a.jsonl", line);
        assertThat(refused)
                .containsExactly(new RefusedRow(
                        "a.jsonl",
                        1,
                        "is longer than 16777216 characters; cut it into several rows, or raise the limit"));
        assertThat(rows).singleElement().satisfies(row -> assertThat(row.line()).isEqualTo(2));
    }

    @Test
    void theLimitOfRowsIsASetting() throws IOException {
        SourceLimits limits = new SourceLimits(1 << 16, DecompressionLimits.DEFAULT);
        SourceOptions options = new SourceOptions(StandardCharsets.UTF_8, Optional.empty(), List.of(), 0, limits);
        byte[] lines = ("a".repeat(65_535) + "\n" + "b".repeat(65_537) + "\nc\n").getBytes(StandardCharsets.UTF_8);
        new SourceReader("a.txt", options).read(stream(lines), handler("a.txt"));
        assertThat(rows).extracting(Row::line).containsExactly(1L, 3L);
        assertThat(refused)
                .singleElement()
                .satisfies(row -> assertThat(row.reason()).startsWith("is longer than 65536 characters"));
        assertThatThrownBy(() -> new SourceReader("a.csv", options)
                        .read(
                                stream(("text\n\"" + "x".repeat(300_000)).getBytes(StandardCharsets.UTF_8)),
                                handler("a.csv")))
                .hasMessageStartingWith("is longer than 65536 characters; close its quoted value");
        assertThatThrownBy(() -> new SourceReader("a.json", options)
                        .read(
                                stream(("[{\"a\": [" + "1, ".repeat(100_000) + "1]}]")
                                        .getBytes(StandardCharsets.UTF_8)),
                                handler("a.json")))
                .hasMessageStartingWith("is longer than 65536 characters; cut it into several objects");
        assertThatThrownBy(() -> new ParallelReader("en.txt", "de.txt", options)
                        .read(stream("a\n".getBytes(StandardCharsets.UTF_8)), stream(lines), handler("en.txt")))
                .hasMessageStartingWith("a line of de.txt is longer than 65536 characters");
        assertThatThrownBy(() -> new SourceLimits(10, DecompressionLimits.DEFAULT))
                .hasMessage("the limit of a row must be 65536 to 536870912 characters, was 10");
    }

    @Test
    void aBombIsBoundedInEveryFormat() throws IOException {
        byte[] zeros = new byte[8 << 20];
        Arrays.fill(zeros, (byte) ' ');
        SourceLimits limits = new SourceLimits(1 << 24, new DecompressionLimits(1 << 20, 200, 1L << 38));
        SourceOptions options = new SourceOptions(StandardCharsets.UTF_8, Optional.empty(), List.of(), 0, limits);
        for (String name : List.of("a.txt", "a.jsonl", "a.json", "a.csv", "a.tsv")) {
            assertThatThrownBy(() -> new SourceReader(name + ".gz", options).read(stream(gzip(zeros)), handler(name)))
                    .as(name)
                    .isInstanceOf(UnreadableSourceException.class)
                    .hasMessageContaining("expands to more than 200 times its size");
            assertThatThrownBy(() ->
                            new SourceReader(name + ".zst", options).read(stream(Zstd.compress(zeros)), handler(name)))
                    .as(name)
                    .isInstanceOf(UnreadableSourceException.class)
                    .hasMessageContaining("expands to more than 200 times its size");
        }
    }

    @Test
    void anObjectOfAJsonArrayAboveTheMaximumFailsInsteadOfFillingMemory() {
        String field = "\"" + "x".repeat(1 << 16) + "\", ";
        byte[] large = ("[{\"text\": \"a\"},\n{\"list\": ["
                        + field.repeat((SourceLimits.DEFAULT.maxRowCharacters() >> 16) + 2) + "1]}]")
                .getBytes(StandardCharsets.UTF_8);
        assertUnreadable("a.json", large, 2, "is longer than 16777216 characters", "cut it into several objects");
    }

    @Test
    void aCsvHeaderThatNamesAColumnTwiceFailsTheFile() {
        assertUnreadable("a.csv", file("text,text\n", i -> "a,b\n", ""), 1, "names a column twice", "name the columns");
    }

    @Test
    void aHeaderRowBesidesNamedColumnsIsRefused() throws IOException {
        SourceOptions named =
                new SourceOptions(StandardCharsets.UTF_8, Optional.of(';'), SourceOptions.columns("label,text"), 2048);
        new SourceReader("a.csv", named)
                .read(stream(file("label;text\n", i -> "ham;row, " + i + "\n", "")), handler("a.csv"));
        assertThat(rows).hasSize(ROWS);
        assertThat(rows.getFirst().fields().get("text").asText()).isEqualTo("row, 1");
        assertThat(refused)
                .singleElement()
                .satisfies(row -> assertThat(row.reason()).contains("a header row that repeats the named columns"));
    }

    @Test
    void anErrorInAJsonArrayFailsTheFile() {
        assertUnreadable(
                "a.json",
                file("[", i -> (i > 1 ? ",\n" : "") + "{\"text\": " + (i == BAD ? "oops" : i) + "}", "]"),
                BAD,
                "is not valid JSON",
                "one object a line as .jsonl");
        assertThat(rows).hasSize(BAD - 1);
    }

    @Test
    void aJsonFileThatIsNotOneArrayFails() {
        assertUnreadable("a.json", utf8("[{\"a\": 1}"), 1, "truncated");
        assertUnreadable("a.json", utf8("[{\"a\": 1}]\n[{\"a\": 2}]"), 2, "continues after the end of its array");
        assertUnreadable("a.json", utf8("{\"a\": 1}"), 1, "array of objects");
        assertUnreadable("a.json", utf8(""), 1, "array of objects");
    }

    @Test
    void aTruncatedArchiveFailsTheFileInEveryFormat() throws IOException {
        byte[] lines = file("", i -> "{\"text\": \"row " + Integer.toHexString(i * 7919) + "\"}\n", "");
        byte[] csv = file("text\n", i -> Integer.toHexString(i * 7919) + "\n", "");
        byte[] array =
                file("[", i -> (i > 1 ? ",\n" : "") + "{\"text\": \"" + Integer.toHexString(i * 7919) + "\"}", "]");
        for (boolean gzip : new boolean[] {true, false}) {
            String ending = gzip ? ".gz" : ".zst";
            assertTruncated("a.jsonl" + ending, gzip ? gzip(lines) : Zstd.compress(lines));
            assertTruncated("a.csv" + ending, gzip ? gzip(csv) : Zstd.compress(csv));
            assertTruncated("a.json" + ending, gzip ? gzip(array) : Zstd.compress(array));
            assertTruncated("a.txt" + ending, gzip ? gzip(csv) : Zstd.compress(csv));
        }
    }

    private void assertTruncated(String name, byte[] packed) {
        UnreadableSourceException failure =
                assertUnreadable(name, Arrays.copyOf(packed, packed.length * 3 / 4), 0, "compress the file again");
        assertThat(failure.line()).isEqualTo(rows.isEmpty() ? 1 : rows.getLast().line());
        assertThat(rows.size()).isLessThan(ROWS);
    }

    @Test
    void aFileThatIsNotAnArchiveFails() {
        assertUnreadable("b.txt.gz", utf8("no archive"), 1, "not compressed as its name says", "compress");
        assertUnreadable("c.txt.zst", utf8("no archive"), 1, "not compressed as its name says");
        assertUnreadable("d.txt.gz", new byte[0], 1, "is empty (0 bytes)", "leave it out");
    }

    @Test
    void bytesAfterAnArchiveFailAndPaddingDoesNot() throws IOException {
        byte[] packed = gzip(utf8("{\"text\": \"a\"}\n"));
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        members.writeBytes(packed);
        members.writeBytes(packed);
        members.writeBytes(new byte[600]);
        read("a.jsonl.gz", members.toByteArray());
        assertThat(rows).hasSize(2);
        members.writeBytes(utf8("another file"));
        assertUnreadable("a.jsonl.gz", members.toByteArray(), 2, "other bytes follow the compressed data");
    }

    @Test
    void anArchiveThatExpandsBeyondTheLimitFails() throws IOException {
        byte[] bomb = gzip(new byte[3 << 20]);
        try (InputStream input =
                DecompressedInput.open(stream(bomb), true, new DecompressionLimits(1 << 20, 200, 1L << 38))) {
            assertThatThrownBy(input::readAllBytes)
                    .isInstanceOf(CorruptCompressionException.class)
                    .hasMessageContaining("expands to more than 200 times its size");
        }
        try (InputStream input = DecompressedInput.open(stream(bomb), true, DecompressionLimits.DEFAULT)) {
            assertThat(input.readAllBytes()).hasSize(3 << 20);
        }
    }

    @Test
    void anEncodingIsDecodedAndUtf16IsRecognized() throws IOException {
        String text = "Käse €\n🏿 façade\n";
        for (String encoding : List.of("windows-1252", "UTF-16", "UTF-16LE")) {
            rows.clear();
            String sent = encoding.startsWith("UTF") ? text : "Käse €\nfaçade\n";
            SourceOptions options = new SourceOptions(Charset.forName(encoding), Optional.empty(), List.of(), 0);
            new SourceReader("a.txt", options).read(stream(sent.getBytes(encoding)), handler("a.txt"));
            assertThat(rows.stream().map(row -> row.fields().get("text").asText()))
                    .containsExactlyElementsOf(sent.lines().toList());
        }
        assertThat(refused).isEmpty();
        read("a.txt", text.getBytes(StandardCharsets.UTF_16));
        assertThat(refused.getFirst().reason()).contains("byte offset 0", "UTF-16, whose byte order mark");
        assertThatThrownBy(() -> SourceOptions.encoding("latin-17")).hasMessageContaining("such as UTF-8");
        assertThatThrownBy(() -> SourceOptions.delimiter("||")).hasMessageContaining("one character");
    }

    @Test
    void theByteOffsetIsThatOfTheFileAndOtherRowsAreRead() throws IOException {
        byte[] bytes = file("text\n", i -> "ä 🏿 row " + i + "\n", "");
        int offset = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("row 9000");
        bytes[offset] = (byte) 0xFC;
        read("a.csv", bytes);
        assertThat(rows).hasSize(ROWS - 1);
        assertThat(refused).singleElement().satisfies(row -> {
            assertThat(row.line()).isEqualTo(9001);
            assertThat(row.reason()).contains("0xFC at byte offset " + offset);
        });
    }

    @Test
    void lineAlignedFilesAreReadInPairs() throws IOException {
        pairs(file("", i -> i == 5 ? "\n" : "en " + i + "\n", ""), file("", i -> i == 5 ? "\n" : "de " + i + "\n", ""));
        assertThat(rows).hasSize(ROWS - 1);
        assertThat(rows.getLast().line()).isEqualTo(ROWS);
        assertThat(rows.getLast().fields().get("input").asText()).isEqualTo("en 10000");
        assertThat(rows.getLast().fields().get("output").asText()).isEqualTo("de 10000");
        assertThat(refused).isEmpty();
    }

    @Test
    void lineAlignedFilesOfDifferentLengthFail() {
        byte[] whole = file("", i -> "line " + i + "\n", "");
        byte[] shorter = Arrays.copyOf(whole, whole.length - "line 10000\n".length());
        assertThatThrownBy(() -> pairs(whole, shorter))
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessageContaining("en.txt has 10000 lines, de.txt has 9999");
        assertThatThrownBy(() -> pairs(shorter, Arrays.copyOf(whole, whole.length - 1)))
                .hasMessageContaining("en.txt has 9999 lines, de.txt has 10000");
    }

    @Test
    void aPairWithABlankLineIsRefusedAlone() throws IOException {
        pairs(file("", i -> "en " + i + "\n", ""), file("", i -> i == BAD ? "\n" : "de " + i + "\n", ""));
        assertThat(rows).hasSize(ROWS - 1);
        assertThat(refused).singleElement().satisfies(row -> {
            assertThat(row.line()).isEqualTo(BAD);
            assertThat(row.reason()).contains("is blank in de.txt");
        });
    }

    private void pairs(byte[] inputs, byte[] outputs) throws IOException {
        new ParallelReader("en.txt", "de.txt", SourceOptions.standard(0))
                .read(stream(inputs), stream(outputs), handler("en.txt"));
    }

    /** Returns a file of 10,000 rows, numbered from 1. */
    private static byte[] file(String begin, IntFunction<String> row, String end) {
        return utf8(begin + IntStream.rangeClosed(1, ROWS).mapToObj(row).collect(Collectors.joining()) + end);
    }

    private UnreadableSourceException assertUnreadable(String name, byte[] content, long line, String... reasons) {
        rows.clear();
        UnreadableSourceException failure =
                catchThrowableOfType(UnreadableSourceException.class, () -> read(name, content));
        assertThat(failure).as(name).isNotNull();
        if (line > 0) {
            assertThat(failure.line()).isEqualTo(line);
        }
        assertThat(failure.describe(name))
                .startsWith(name + ":" + failure.line() + ": ")
                .contains(reasons);
        assertThat(refused).isEmpty();
        return failure;
    }

    private void read(String name, byte[] content) throws IOException {
        new SourceReader(name, SourceOptions.standard(2048)).read(stream(content), handler(name));
    }

    private RowHandler handler(String name) {
        return new RowHandler() {
            @Override
            public void row(Row row) {
                rows.add(row);
            }

            @Override
            public void refused(long line, String reason) {
                refused.add(new RefusedRow(name, line, reason));
            }
        };
    }

    private static InputStream stream(byte[] bytes) {
        return new ByteArrayInputStream(bytes);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(plain);
        }
        return bytes.toByteArray();
    }
}
