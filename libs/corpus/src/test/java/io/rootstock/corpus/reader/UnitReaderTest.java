package io.rootstock.corpus.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.unit.InputRoots;
import io.rootstock.corpus.unit.RefusedInputException;
import io.rootstock.corpus.unit.TextRecords;
import io.rootstock.corpus.unit.Unit;
import io.rootstock.corpus.unit.UnitPlanner;
import io.rootstock.corpus.unit.UnitSettings;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnitReaderTest {
    @TempDir
    private Path directory;

    @Test
    void jsonLinesGiveDocumentsWithFieldsAndLocations() throws IOException {
        Path file = ReadFiles.write(
                directory.resolve("a.jsonl"),
                lines(
                        "\uFEFF{\"url\": \"https://example.org\", \"n\": [{\"text\": 1}], \"text\": \"a\\n\\u00e9\\ud83d\\ude00\"}\r",
                        "",
                        "{\"text\": 7, \"license\": \"MIT\"}",
                        ""));
        ReadSettings settings = ReadSettings.DEFAULT.withFields(new DocumentFields("text", "url", "license"));
        ReadFiles read = ReadFiles.of(file, settings);
        assertThat(read.documents)
                .containsExactly(
                        document("a.jsonl:1", "https://example.org", "", "a\né😀"),
                        document("a.jsonl:3", "", "MIT", "7"));
        assertThat(read.summaries.getFirst())
                .satisfies(summary -> assertThat(summary.documents()).isEqualTo(2))
                .satisfies(summary -> assertThat(summary.textBytes()).isEqualTo(9));
    }

    @Test
    void badJsonLinesAreRefusedAlone() throws IOException {
        byte[] bytes = lines(
                        "{\"text\": \"ok\"}",
                        "{\"text\": oops}",
                        "[1]",
                        "{\"text\": \"two\"} {}",
                        "{\"body\": \"x\", \"n\": 1}",
                        "{\"text\": null}",
                        "{\"text\": [1]}",
                        "{\"text\": \" \"}",
                        "{\"text\": \"\\ud83d\"}",
                        "{\"text\": \"a\\u0000\"}",
                        "{\"text\": \"?\"}",
                        "{\"text\": \"open",
                        "{\"text\": \"\\q\"}",
                        "{\"text\": \"end\"}")
                .getBytes(StandardCharsets.UTF_8);
        bytes[new String(bytes, StandardCharsets.UTF_8).indexOf('?')] = (byte) 0xE4;
        ReadFiles read = ReadFiles.of(Files.write(directory.resolve("a.jsonl"), bytes), ReadSettings.DEFAULT);
        assertThat(read.texts()).containsExactly("ok", "end");
        List<String> expected = List.of(
                "2 is not valid JSON",
                "3 is not a JSON object",
                "4 has more than one JSON value",
                "5 has no field 'text' (it has body, n)",
                "6 has null in field 'text'",
                "7 has a field 'text' that is not text",
                "8 has an empty field 'text'",
                "9 has an escaped half of a surrogate pair",
                "10 has a NUL character at byte 1",
                "11 is not valid UTF-8 (first invalid byte at byte 10",
                "12 is not valid JSON",
                "13 is not valid JSON");
        assertThat(read.refused).hasSize(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            RefusedRecord record = read.refused.get(i);
            assertThat(record.location().replace("a.jsonl:", "") + " " + record.reason())
                    .startsWith(expected.get(i));
        }
        assertThat(read.summaries.getFirst().refused()).isEqualTo(expected.size());
    }

    @Test
    void unitsOfAFileTogetherGiveItsDocuments() throws IOException {
        Random random = new Random(4);
        StringBuilder json = new StringBuilder();
        StringBuilder tsv = new StringBuilder("url\ttext\n");
        for (int i = 0; i < 3000; i++) {
            String text = "document " + i + " " + "é한😀x".repeat(random.nextInt(12));
            json.append("{\"text\": \"").append(text).append("\"}").append(i % 7 == 0 ? "\r\n" : "\n");
            tsv.append("u").append(i).append('\t').append(text).append('\n');
        }
        for (String name : List.of("a.jsonl", "b.tsv", "c.csv")) {
            String content = name.equals("a.jsonl")
                    ? json.toString()
                    : name.equals("b.tsv") ? tsv.toString() : tsv.toString().replace('\t', ',');
            Path file = ReadFiles.write(directory.resolve(name), content);
            ReadFiles whole = ReadFiles.of(file, ReadSettings.DEFAULT);
            ReadFiles parts = ReadFiles.of(file, ReadSettings.DEFAULT, 4096);
            assertThat(whole.summaries).hasSize(1);
            assertThat(parts.summaries).hasSizeGreaterThan(20);
            assertThat(parts.texts()).hasSize(3000).isEqualTo(whole.texts());
            assertThat(parts.documents.stream().map(Document::url))
                    .isEqualTo(whole.documents.stream().map(Document::url).toList());
            byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
            String location = parts.locations().getLast();
            int offset = Integer.parseInt(location.substring(location.indexOf('@') + 1));
            assertThat(new String(bytes, offset, bytes.length - offset, StandardCharsets.UTF_8))
                    .contains("document 2999")
                    .doesNotContain("document 2998");
        }
    }

    @Test
    void textIsDividedIntoLinesBlocksOrFiles() throws IOException {
        String paragraph = "x".repeat(70) + "\r\n";
        Path file = ReadFiles.write(
                directory.resolve("a.md"), "\uFEFF" + paragraph + "\n" + paragraph + "\n\n" + paragraph);
        ReadFiles blocks = ReadFiles.of(file, ReadSettings.DEFAULT.withText(new TextRecords.Blocks(64)));
        assertThat(blocks.locations()).containsExactly("a.md:1", "a.md:3", "a.md:5");
        assertThat(String.join("", blocks.texts()))
                .isEqualTo((paragraph + "\n" + paragraph + "\n\n" + paragraph).replace("\r", ""));
        ReadFiles lines = ReadFiles.of(file, ReadSettings.DEFAULT.withText(new TextRecords.Lines()));
        assertThat(lines.texts()).hasSize(3).containsOnly("x".repeat(70));
        ReadFiles whole = ReadFiles.of(file, ReadSettings.DEFAULT.withText(new TextRecords.WholeFile()));
        assertThat(whole.texts())
                .containsExactly((paragraph + "\n" + paragraph + "\n\n" + paragraph).replace("\r", ""));
    }

    @Test
    void invalidTextRefusesItsBlockOnly() throws IOException {
        byte[] bytes = ("a".repeat(80) + "\n\n").repeat(3).getBytes(StandardCharsets.UTF_8);
        bytes[100] = (byte) 0xFF;
        ReadFiles read = ReadFiles.of(
                Files.write(directory.resolve("a.txt"), bytes),
                ReadSettings.DEFAULT.withText(new TextRecords.Blocks(64)));
        assertThat(read.documents).hasSize(2);
        assertThat(read.refused).singleElement().satisfies(record -> {
            assertThat(record.location()).isEqualTo("a.txt:3");
            assertThat(record.reason()).contains("first invalid byte at byte 18 of the record");
        });
    }

    @Test
    void otherEncodingsAreDecodedAndWrongOnesRefused() throws IOException {
        String text = "Käse €\nfaçade\n";
        for (String encoding : List.of("windows-1252", "UTF-16", "UTF-16LE", "EUC-KR")) {
            String sent = encoding.equals("EUC-KR") ? "한국어\n텍스트\n" : text;
            Path file = Files.write(directory.resolve("a.txt"), sent.getBytes(Charset.forName(encoding)));
            ReadSettings settings =
                    ReadSettings.DEFAULT.withText(new TextRecords.Lines()).withEncoding(Charset.forName(encoding));
            assertThat(ReadFiles.of(file, settings).texts())
                    .isEqualTo(sent.lines().toList());
        }
        Path file = Files.write(directory.resolve("a.txt"), new byte[] {'o', 'k', '\n', (byte) 0xC7, ' ', '\n', 'z'});
        ReadSettings korean =
                ReadSettings.DEFAULT.withText(new TextRecords.Lines()).withEncoding(Charset.forName("EUC-KR"));
        ReadFiles read = ReadFiles.of(file, korean);
        assertThat(read.texts()).containsExactly("ok", "z");
        assertThat(read.refused.getFirst().reason()).contains("is not valid EUC-KR");
    }

    @Test
    void arraysAndQuotedCsvAreReadAsUploadedFiles() throws IOException {
        Path json = ReadFiles.write(directory.resolve("a.json"), "[{\"text\": \"one\"},\n 7, {\"text\": \"two\"}]");
        ReadFiles array = ReadFiles.of(json, ReadSettings.DEFAULT);
        assertThat(array.texts()).containsExactly("one", "two");
        assertThat(array.refused.getFirst().location()).isEqualTo("a.json:2");
        Path csv = ReadFiles.write(directory.resolve("a.csv"), "url,text\nu,\"Hi,\nthere\"\nv\nw,x\n");
        ReadFiles quoted = ReadFiles.of(csv, ReadSettings.DEFAULT);
        assertThat(quoted.documents)
                .containsExactly(document("a.csv:2", "u", "", "Hi,\nthere"), document("a.csv:5", "w", "", "x"));
        assertThat(quoted.refused.getFirst())
                .satisfies(record -> assertThat(record.location()).isEqualTo("a.csv:4"));
        Path open = ReadFiles.write(directory.resolve("b.json"), "[{\"text\": \"one\"}, {\"text\"");
        ReadFiles unclosed = ReadFiles.of(open, ReadSettings.DEFAULT);
        assertThat(unclosed.texts()).containsExactly("one");
        assertThat(unclosed.rest().reason()).contains("may be truncated");
    }

    @Test
    void columnsMustBePresent() throws IOException {
        Path file = ReadFiles.write(directory.resolve("a.tsv"), "id\tbody\n" + "1\tx\n".repeat(3000));
        ReadFiles read = ReadFiles.of(file, ReadSettings.DEFAULT, 4096);
        assertThat(read.documents).isEmpty();
        assertThat(read.summaries)
                .allSatisfy(summary -> assertThat(
                                summary.unreadableRest().orElseThrow().reason())
                        .contains("no column 'text' (it has id, body); set the name of the text column"));
    }

    @Test
    void theDigestIsTheSha256OfTheBytesOfTheUnit() throws IOException {
        byte[] bytes = "{\"text\": \"ok\"}\n".repeat(1000).getBytes(StandardCharsets.UTF_8);
        Path file = Files.write(directory.resolve("a.jsonl"), bytes);
        ReadFiles read = ReadFiles.of(file, ReadSettings.DEFAULT, 4096);
        assertThat(read.summaries).hasSize(4);
        assertThat(read.summaries.getFirst().contentDigest()).isEqualTo(sha256(Arrays.copyOf(bytes, 4110)));
        assertThat(ReadFiles.of(file, ReadSettings.DEFAULT).summaries.getFirst().contentDigest())
                .isEqualTo(sha256(bytes));
    }

    @Test
    void aFileThatChangedAfterThePlanIsRefused() throws IOException {
        Path file = ReadFiles.write(directory.resolve("a.jsonl"), "{\"text\": \"one\"}\n");
        Path base = directory.toRealPath();
        Unit unit = new UnitPlanner(InputRoots.of(base, List.of(base)), UnitSettings.DEFAULT)
                .plan(List.of("a.jsonl"))
                .units()
                .getFirst();
        ReadFiles.write(file, "{\"text\": \"two\"}\n");
        assertThatThrownBy(() -> new UnitReader(ReadSettings.DEFAULT).read(unit, new ReadFiles()))
                .isInstanceOf(RefusedInputException.class)
                .hasMessageContaining("changed after it was planned; plan the job again");
        ReadFiles.write(file, "{\"text\": \"three\"}\n");
        assertThatThrownBy(() -> new UnitReader(ReadSettings.DEFAULT).read(unit, new ReadFiles()))
                .hasMessageContaining("has 18 bytes, and had 16 when it was planned");
    }

    private static String lines(String... lines) {
        return String.join("\n", lines);
    }

    private static Document document(String location, String url, String licence, String text) {
        return new Document(location, url, licence, io.rootstock.corpus.Text.of(text));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
