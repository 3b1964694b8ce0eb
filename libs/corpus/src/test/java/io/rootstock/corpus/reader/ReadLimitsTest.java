package io.rootstock.corpus.reader;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.rootstock.corpus.reader.ReadSettings.ReadLimits;
import io.rootstock.corpus.source.DecompressionLimits;
import io.rootstock.corpus.unit.TextRecords;
import java.io.IOException;
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

class ReadLimitsTest {
    @TempDir
    private Path directory;

    @Test
    void aRecordAboveTheLimitIsRefusedInBoundedMemory() throws IOException {
        Path file = ReadFiles.write(
                directory.resolve("a.jsonl"), "{\"text\": \"" + "x".repeat(5_000_000) + "\"}\n{\"text\": \"ok\"}\n");
        ReadSettings small = ReadSettings.DEFAULT.withLimits(new ReadLimits(100_000, DecompressionLimits.DEFAULT));
        ReadFiles read = ReadFiles.of(file, small, 1 << 24);
        assertThat(read.texts()).containsExactly("ok");
        assertThat(read.locations()).containsExactly("a.jsonl:2");
        assertThat(read.refused)
                .containsExactly(new RefusedRecord(
                        "a.jsonl:1",
                        "is longer than 100000 bytes; divide it into several records, or raise the record limit"));
        Path book = ReadFiles.write(directory.resolve("b.txt"), "x".repeat(200_000));
        assertThat(ReadFiles.of(book, small.withText(new TextRecords.WholeFile())).refused)
                .hasSize(1);
    }

    @Test
    void compressedFilesAreReadWholeAndTruncatedOnesReported() throws IOException {
        byte[] plain = "{\"text\": \"packed é\"}\n".repeat(20_000).getBytes(StandardCharsets.UTF_8);
        byte[] noise = new byte[200_000];
        new Random(5).nextBytes(noise);
        String random = "{\"text\": \"" + HexFormat.of().formatHex(noise) + "\"}\n";
        byte[] whole = (new String(plain, StandardCharsets.UTF_8) + random).getBytes(StandardCharsets.UTF_8);
        for (byte[] compressed :
                List.of(ReadFiles.gzip(plain, random.getBytes(StandardCharsets.UTF_8)), Zstd.compress(whole))) {
            String name = compressed[0] == 0x1F ? "a.jsonl.gz" : "a.jsonl.zst";
            Path file = Files.write(directory.resolve(name), compressed);
            ReadFiles read = ReadFiles.of(file, ReadSettings.DEFAULT);
            assertThat(read.documents).hasSize(20_001);
            assertThat(read.summaries.getFirst().contentDigest()).isEqualTo(sha256(compressed));
            Files.write(file, Arrays.copyOf(compressed, compressed.length - 1000));
            ReadFiles truncated = ReadFiles.of(file, ReadSettings.DEFAULT);
            assertThat(truncated.documents).hasSizeLessThanOrEqualTo(20_000);
            assertThat(truncated.rest().location()).startsWith(name + "@");
            assertThat(truncated.rest().reason()).contains("is damaged, truncated");
        }
    }

    @Test
    void aDecompressionBombIsBounded() throws IOException {
        Path file = Files.write(directory.resolve("a.txt.zst"), Zstd.compress(new byte[64 << 20]));
        ReadSettings ratio = ReadSettings.DEFAULT.withLimits(
                new ReadLimits(1 << 20, new DecompressionLimits(1 << 20, 200, 1L << 38)));
        assertThat(ReadFiles.of(file, ratio).rest().reason()).contains("expands to more than 200 times its size");
        ReadSettings size = ReadSettings.DEFAULT.withLimits(
                new ReadLimits(1 << 20, new DecompressionLimits(1L << 30, 200, 1 << 22)));
        assertThat(ReadFiles.of(file, size).rest().reason()).contains("expands to more than 4194304 bytes");
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
