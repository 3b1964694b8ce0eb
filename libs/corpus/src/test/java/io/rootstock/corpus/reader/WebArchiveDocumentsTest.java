package io.rootstock.corpus.reader;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.rootstock.corpus.Document;
import io.rootstock.corpus.reader.ReadSettings.ReadLimits;
import io.rootstock.corpus.source.DecompressionLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebArchiveDocumentsTest {
    private static final String SENTENCE =
            "A paragraph of the page that is long enough to be its main content, with a full stop.";

    @TempDir
    private Path directory;

    @Test
    void pagesOfResponsesBecomeDocuments() throws IOException {
        ReadFiles read = read("a.warc", concatenated(archive()));
        assertThat(read.documents)
                .extracting(Document::url)
                .containsExactly(
                        "https://example.org/1",
                        "https://example.org/utf8",
                        "https://example.org/kr",
                        "https://example.org/plain");
        assertThat(read.texts())
                .containsExactly(SENTENCE, SENTENCE + " Käse", "한국어로 쓴 문장이 이 페이지의 본문입니다. 이 문장은 충분히 깁니다.", "plain text");
        assertThat(read.summaries.getFirst().ignored())
                .containsEntry("record type other than response or conversion", 1L)
                .containsEntry("HTTP status other than 200", 1L)
                .containsEntry("content type other than HTML or plain text", 1L)
                .containsEntry("page without text", 1L);
        assertThat(read.refused).isEmpty();
        byte[] bytes = concatenated(archive());
        for (Document document : read.documents) {
            int offset = Integer.parseInt(document.location().substring("a.warc@".length()));
            assertThat(new String(bytes, offset, 8, StandardCharsets.US_ASCII)).isEqualTo("WARC/1.0");
        }
    }

    @Test
    void compressedArchivesGiveTheSameDocuments() throws IOException {
        List<Document> plain = read("a.warc", concatenated(archive())).documents;
        byte[][] records = archive().toArray(byte[][]::new);
        assertThat(read("b.warc.gz", ReadFiles.gzip(records)).texts())
                .isEqualTo(plain.stream()
                        .map(document -> document.text().toString())
                        .toList());
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (byte[] record : records) {
            frames.writeBytes(Zstd.compress(record));
        }
        ReadFiles zst = read("c.warc.zst", frames.toByteArray());
        assertThat(zst.documents).hasSize(plain.size());
        assertThat(zst.locations().stream().map(location -> location.replace("c.warc.zst", "a.warc")))
                .isEqualTo(plain.stream().map(Document::location).toList());
    }

    @Test
    void conversionRecordsAreText() throws IOException {
        byte[] record = record(
                "conversion",
                "https://example.org/w",
                "text/plain",
                "Some text.\nMore.\n".getBytes(StandardCharsets.UTF_8));
        byte[] invalid = record("conversion", "https://example.org/i", "text/plain", new byte[] {'a', (byte) 0xFF});
        ReadFiles read = read("a.warc.wet.gz", ReadFiles.gzip(record, invalid));
        assertThat(read.texts()).containsExactly("Some text.\nMore.\n");
        assertThat(read.refused)
                .singleElement()
                .satisfies(refused -> assertThat(refused.reason()).contains("is not valid UTF-8"));
    }

    @Test
    void aTruncatedArchiveKeepsWhatWasReadAndReportsTheRest() throws IOException {
        byte[] bytes = concatenated(archive());
        ReadFiles body = read("a.warc", Arrays.copyOf(bytes, bytes.length - 100));
        assertThat(body.rest().reason()).contains("is truncated inside of this record; download the file again");
        assertThat(body.documents).hasSizeGreaterThanOrEqualTo(3);
        byte[] gzip = ReadFiles.gzip(archive().toArray(byte[][]::new));
        ReadFiles compressed = read("a.warc.gz", Arrays.copyOf(gzip, gzip.length - 50));
        assertThat(compressed.rest().reason()).contains("is damaged, truncated");
        assertThat(compressed.documents).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void bytesThatAreNoRecordMakeTheRestUnreadable() throws IOException {
        byte[] bytes = concatenated(List.of(archive().get(1), "garbage\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
        ReadFiles read = read("a.warc", bytes);
        assertThat(read.documents).hasSize(1);
        assertThat(read.rest().location()).startsWith("a.warc@");
        assertThat(read.rest().reason()).contains("the next record is not a WARC record");
    }

    @Test
    void aBadResponseIsRefusedAlone() throws IOException {
        byte[] good = archive().get(1);
        byte[] noHttp = record(
                "response",
                "https://example.org/x",
                "application/http;msgtype=response",
                "no header".getBytes(StandardCharsets.UTF_8));
        byte[] badGzip = response(
                "https://example.org/z",
                200,
                "text/html\r\nContent-Encoding: gzip",
                "not gzip".getBytes(StandardCharsets.UTF_8));
        byte[] wrongCharset = response("https://example.org/c", 200, "text/html; charset=utf-8", new byte[] {
            '<', 'p', '>', (byte) 0xE4, (byte) 0xE5, (byte) 0xF6, 'x'
        });
        byte[] large = response(
                "https://example.org/l", 200, "text/html", "x".repeat(200_000).getBytes(StandardCharsets.UTF_8));
        Path file = Files.write(
                directory.resolve("a.warc"), concatenated(List.of(noHttp, badGzip, wrongCharset, large, good)));
        ReadFiles read = ReadFiles.of(
                file, ReadSettings.DEFAULT.withLimits(new ReadLimits(100_000, DecompressionLimits.DEFAULT)));
        assertThat(read.documents).hasSize(1);
        assertThat(read.refused).hasSize(4);
        assertThat(read.refused.get(1).reason()).contains("damaged HTTP body");
        assertThat(read.refused.get(2).reason()).contains("3 invalid byte sequences in 7 characters");
        assertThat(read.refused.get(3).reason()).contains("is longer than 100000 bytes");
    }

    private ReadFiles read(String name, byte[] bytes) throws IOException {
        return ReadFiles.of(Files.write(directory.resolve(name), bytes), ReadSettings.DEFAULT);
    }

    private static List<byte[]> archive() {
        List<byte[]> records = new ArrayList<>();
        records.add(record(
                "warcinfo", "", "application/warc-fields", "software: test\r\n".getBytes(StandardCharsets.UTF_8)));
        records.add(response(
                "https://example.org/1",
                200,
                "text/html; charset=utf-8",
                ("<nav>Home</nav><p>" + SENTENCE + "</p>").getBytes(StandardCharsets.UTF_8)));
        records.add(
                response("https://example.org/2", 404, "text/html", "<p>gone</p>".getBytes(StandardCharsets.UTF_8)));
        records.add(response("https://example.org/3", 200, "image/png", new byte[] {1, 2, 3}));
        records.add(response(
                "https://example.org/4", 200, "text/html", "<script>x</script>".getBytes(StandardCharsets.UTF_8)));
        records.add(response(
                "https://example.org/utf8",
                200,
                "text/html; charset=iso-8859-1",
                ("<p>" + SENTENCE + " Käse</p>").getBytes(StandardCharsets.UTF_8)));
        records.add(response(
                "https://example.org/kr",
                200,
                "text/html",
                "<meta charset=euc-kr><p>한국어로 쓴 문장이 이 페이지의 본문입니다. 이 문장은 충분히 깁니다.</p>"
                        .getBytes(Charset.forName("EUC-KR"))));
        records.add(response(
                "https://example.org/plain", 200, "text/plain", "plain text".getBytes(StandardCharsets.UTF_8)));
        return records;
    }

    private static byte[] response(String url, int status, String type, byte[] body) {
        ByteArrayOutputStream http = new ByteArrayOutputStream();
        http.writeBytes(("HTTP/1.1 " + status + " x\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        http.writeBytes(body);
        return record("response", url, "application/http;msgtype=response", http.toByteArray());
    }

    private static byte[] record(String type, String url, String contentType, byte[] body) {
        String header = "WARC/1.0\r\nWARC-Type: " + type + "\r\n"
                + (url.isEmpty() ? "" : "WARC-Target-URI: " + url + "\r\n")
                + "WARC-Date: 2026-01-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000000>\r\n"
                + "Content-Type: " + contentType + "\r\nContent-Length: " + body.length + "\r\n\r\n";
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        record.writeBytes(header.getBytes(StandardCharsets.UTF_8));
        record.writeBytes(body);
        record.writeBytes("\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        return record.toByteArray();
    }

    private static byte[] concatenated(List<byte[]> records) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        records.forEach(file::writeBytes);
        return file.toByteArray();
    }
}
