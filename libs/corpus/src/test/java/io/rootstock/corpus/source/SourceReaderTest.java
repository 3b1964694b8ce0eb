package io.rootstock.corpus.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.rootstock.encoding.SampleText;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class SourceReaderTest {
    private final List<Row> rows = new ArrayList<>();
    private final List<RefusedRow> refused = new ArrayList<>();

    @Test
    void textComesBackWholeInRowsOfBoundedSize() throws IOException {
        String text = SampleText.real(300_000).replace("\r", "");
        read("a.txt", "\uFEFF" + text.replace("\n", "\r\n"));
        assertThat(rows.stream().map(row -> row.fields().get("text").asText()).collect(Collectors.joining()))
                .isEqualTo(text);
        assertThat(rows).hasSizeGreaterThan(50);
        assertThat(rows)
                .allSatisfy(row ->
                        assertThat(row.fields().get("text").asText().length()).isLessThan(9000));
    }

    @Test
    void textIsCutAtBlankLinesAndTellsWhereRowsBegin() throws IOException {
        String paragraph = "x".repeat(1200) + "\n";
        read("a.txt", paragraph + "\n" + paragraph + "\n" + paragraph);
        assertThat(rows.stream().map(Row::line)).containsExactly(1L, 5L);
    }

    @Test
    void aHugeLineIsCutWithoutBreakingCharacters() throws IOException {
        String text = "a" + "😀".repeat(50_000);
        read("a.txt", text);
        assertThat(rows).hasSizeGreaterThan(5);
        assertThat(rows)
                .noneMatch(row ->
                        SourceText.hasLoneSurrogate(row.fields().get("text").asText()));
        assertThat(rows.stream().map(row -> row.fields().get("text").asText()).collect(Collectors.joining()))
                .isEqualTo(text);
    }

    @Test
    void jsonLinesGoOnAfterABadLine() throws IOException {
        read(
                "a.jsonl",
                "{\"text\": \"one\"}\r\n\n{\"text\": oops}\n[1]\n{\"text\": \"two\"} {}\n{\"text\": \"three\"}");
        assertThat(rows.stream().map(Row::line)).containsExactly(1L, 6L);
        assertThat(refused.stream().map(RefusedRow::line)).containsExactly(3L, 4L, 5L);
        assertThat(refused.getFirst().reason()).contains("not valid JSON").contains("one object a line");
        assertThat(refused.getFirst().file()).isEqualTo("a.jsonl");
    }

    @Test
    void invalidUtf8RefusesItsLineOnly() throws IOException {
        byte[] bytes = "{\"text\": \"a\"}\n{\"text\": \"?\"}\n{\"text\": \"b\"}\n".getBytes(StandardCharsets.UTF_8);
        bytes[new String(bytes, StandardCharsets.UTF_8).indexOf('?')] = (byte) 0xE4;
        read("a.jsonl", bytes);
        assertThat(rows).hasSize(2);
        assertThat(refused).singleElement().satisfies(row -> {
            assertThat(row.line()).isEqualTo(2);
            assertThat(row.reason())
                    .contains("not valid UTF-8", "0xE4 at byte offset 24", "set its encoding, such as windows-1252");
        });
    }

    @Test
    void invalidUtf8InTextTellsItsLine() throws IOException {
        read("a.txt", new byte[] {'o', 'k', '\n', (byte) 0xFF, '\n'});
        assertThat(rows).isEmpty();
        assertThat(refused).singleElement().satisfies(row -> {
            assertThat(row.line()).isEqualTo(2);
            assertThat(row.reason()).contains("0xFF at byte offset 3", "lines 1 to 3 are left out");
        });
    }

    @Test
    void escapedHalfCharactersAreRefusedWithTheField() throws IOException {
        read("a.jsonl", "{\"text\": \"\\ud83d\"}");
        assertThatThrownBy(() -> RowFields.required(rows.getFirst().fields(), "text"))
                .isInstanceOf(RowFields.RowRefusedException.class)
                .hasMessageContaining("surrogate");
    }

    @Test
    void jsonArraysTellTheLineOfEachObject() throws IOException {
        read("a.json", "[\n  {\"instruction\": \"a\",\n   \"output\": \"b\"},\n  {\"instruction\": \"c\"},\n 7 ]");
        assertThat(rows.stream().map(Row::line)).containsExactly(2L, 4L);
        assertThat(refused)
                .singleElement()
                .satisfies(row -> assertThat(row.line()).isEqualTo(5));
    }

    @Test
    void csvKnowsQuotesLineBreaksAndHeader() throws IOException {
        read("a.csv", "\uFEFFlabel,text\r\nham,\"Hi, \"\"you\"\"\r\nthere\"\r\nspam,win\r\nham\r\nham,ok\r\n");
        assertThat(rows.stream().map(row -> row.fields().get("text").asText()))
                .containsExactly("Hi, \"you\"\r\nthere", "win", "ok");
        assertThat(rows.stream().map(Row::line)).containsExactly(2L, 4L, 6L);
        assertThat(refused).singleElement().satisfies(row -> {
            assertThat(row.line()).isEqualTo(5);
            assertThat(row.reason()).contains("has 1 columns instead of 2 (label, text)");
        });
    }

    @Test
    void tsvTakesQuotesAsTheyAreAndColumnsFromTheRequest() throws IOException {
        SourceOptions columns =
                new SourceOptions(StandardCharsets.UTF_8, Optional.empty(), SourceOptions.columns("label, text"), 2048);
        new SourceReader("a.tsv", columns)
                .read(
                        new ByteArrayInputStream("ham\tsay \"hi\nspam\t 'x' \n".getBytes(StandardCharsets.UTF_8)),
                        handler("a.tsv"));
        assertThat(rows.stream().map(row -> row.fields().get("text").asText())).containsExactly("say \"hi", " 'x' ");
        assertThat(rows.stream().map(Row::line)).containsExactly(1L, 2L);
    }

    @Test
    void gzipAndZstandardAreReadByTheirEnding() throws IOException {
        byte[] plain = "{\"text\": \"packed\"}\n".repeat(1000).getBytes(StandardCharsets.UTF_8);
        read("a.jsonl.gz", gzip(plain));
        read("a.JSONL.ZST", Zstd.compress(plain));
        assertThat(rows).hasSize(2000);
        assertThat(refused).isEmpty();
    }

    @Test
    void missingFieldsAreRefusedWithTheFieldsThereAre() throws IOException {
        read("a.jsonl", "{\"body\": \"x\", \"n\": 7, \"list\": [1], \"empty\": \" \", \"none\": null}");
        var fields = rows.getFirst().fields();
        assertThatThrownBy(() -> RowFields.required(fields, "text"))
                .hasMessageContaining("it has body, n, list, empty, none");
        assertThatThrownBy(() -> RowFields.required(fields, "none")).hasMessageContaining("has null in field 'none'");
        assertThatThrownBy(() -> RowFields.required(fields, "list")).hasMessageContaining("not text");
        assertThatThrownBy(() -> RowFields.required(fields, "empty")).hasMessageContaining("empty");
        assertThat(RowFields.required(fields, "n")).isEqualTo("7");
        assertThat(RowFields.optional(fields, "text")).isEmpty();
    }

    @Test
    void unknownEndingsHaveNoFormat() {
        assertThat(SourceFormat.of("a.pdf")).isEmpty();
        assertThat(SourceFormat.of("a.gz")).isEmpty();
        assertThat(SourceFormat.of("a.CSV.gz")).contains(SourceFormat.CSV);
    }

    private void read(String name, String content) throws IOException {
        read(name, content.getBytes(StandardCharsets.UTF_8));
    }

    private void read(String name, byte[] content) throws IOException {
        new SourceReader(name, SourceOptions.standard(2048)).read(new ByteArrayInputStream(content), handler(name));
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

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(plain);
        }
        return bytes.toByteArray();
    }
}
