package io.rootstock.corpus.reader;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.rootstock.corpus.reader.ReadSettings.ReadLimits;
import io.rootstock.corpus.source.DecompressionLimits;
import io.rootstock.corpus.unit.RefusedInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of each format with random damage: every one is read, refused or reported, and no other error occurs. */
class DamagedFilesTest {
    private static final int FILES = 200;
    private static final ReadSettings SETTINGS =
            ReadSettings.DEFAULT.withLimits(new ReadLimits(1 << 16, DecompressionLimits.DEFAULT));

    @TempDir
    private Path directory;

    @ParameterizedTest
    @Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    @ValueSource(
            strings = {
                "a.jsonl",
                "a.txt",
                "a.tsv",
                "a.csv",
                "a.json",
                "a.jsonl.gz",
                "a.jsonl.zst",
                "a.warc",
                "a.warc.gz",
                "a.warc.zst",
                "a.parquet",
                "b.parquet",
                "c.parquet"
            })
    void damageIsReported(String name) throws IOException {
        byte[] whole = content(name);
        Random random = new Random(9);
        int reported = 0;
        for (int i = 0; i < FILES; i++) {
            Path file = Files.write(directory.resolve(name), damage(whole, random));
            try {
                ReadFiles read = ReadFiles.of(file, SETTINGS);
                boolean refused = !read.refused.isEmpty()
                        || read.summaries.stream()
                                .anyMatch(summary -> summary.unreadableRest().isPresent());
                reported += refused ? 1 : 0;
                read.refused.forEach(record -> assertThat(record.reason()).isNotBlank());
            } catch (RefusedInputException e) {
                assertThat(e).hasMessageContaining(name);
                reported++;
            }
        }
        assertThat(reported).isGreaterThan(FILES / 20);
    }

    private static byte[] damage(byte[] whole, Random random) {
        byte[] damaged = random.nextInt(4) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
        for (int i = random.nextInt(4); i >= 0 && damaged.length > 0; i--) {
            int at = random.nextInt(damaged.length);
            for (int j = at; j < Math.min(damaged.length, at + 1 + random.nextInt(6)); j++) {
                damaged[j] = (byte) random.nextInt(256);
            }
        }
        return damaged;
    }

    private byte[] content(String name) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            String line = "A sentence of some length, number " + i + ", with é and 한국어.";
            text.append(
                    switch (name.charAt(2)) {
                        case 'j' -> name.equals("a.json") ? (i == 0 ? "[" : ",") + json(line) : json(line) + "\n";
                        case 't' ->
                            name.equals("a.tsv") ? (i == 0 ? "url\ttext\n" : "u\t" + line + "\n") : line + "\n\n";
                        case 'c' -> i == 0 ? "url,text\n" : "u,\"" + line + "\"\n";
                        default -> response("<p>" + line + "</p>");
                    });
        }
        byte[] plain =
                (name.equals("a.json") ? text.append("]") : text).toString().getBytes(StandardCharsets.UTF_8);
        if (name.endsWith(".parquet")) {
            String resource = name.equals("a.parquet") ? "snappy" : name.equals("b.parquet") ? "zstd" : "gzip";
            try (var stream = getClass().getResourceAsStream("/parquet/" + resource + ".parquet")) {
                return stream.readAllBytes();
            }
        }
        return name.endsWith(".gz") ? ReadFiles.gzip(plain) : name.endsWith(".zst") ? Zstd.compress(plain) : plain;
    }

    private static String json(String text) {
        return "{\"url\": \"u\", \"n\": [1, 2.5e3, null], \"text\": \"" + text + "\\n\\u00e9\"}";
    }

    private static String response(String page) {
        String http = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page;
        return "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://example.org/\r\n"
                + "Content-Type: application/http; msgtype=response\r\nContent-Length: "
                + http.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + http + "\r\n\r\n";
    }
}
