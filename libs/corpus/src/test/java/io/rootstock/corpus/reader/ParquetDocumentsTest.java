package io.rootstock.corpus.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.corpus.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParquetDocumentsTest {
    private static final ReadSettings SETTINGS =
            ReadSettings.DEFAULT.withFields(new DocumentFields("text", "url", "license"));

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"none", "snappy", "gzip", "zstd"})
    void rowsOfEachRowGroupBecomeDocuments(String compression) throws IOException {
        Path file = copy(compression + ".parquet");
        ReadFiles whole = ReadFiles.of(file, SETTINGS);
        ReadFiles groups = ReadFiles.of(file, SETTINGS, 4096);
        assertThat(whole.summaries).hasSize(1);
        assertThat(groups.summaries).hasSizeGreaterThan(1);
        assertThat(groups.documents).isEqualTo(whole.documents);
        List<String> expected = IntStream.range(0, 1000)
                .filter(i -> i != 7)
                .mapToObj(i -> "row " + i + " – naïve text 한국어 " + "x".repeat(i % 50))
                .toList();
        assertThat(whole.texts()).isEqualTo(expected.stream().toList());
        Document last = whole.documents.getLast();
        assertThat(last.location()).isEqualTo(compression + ".parquet#999");
        assertThat(last.url()).isEqualTo("https://example.org/999");
        assertThat(last.licence()).isEqualTo("CC-BY-4.0");
        assertThat(whole.documents.getFirst().licence()).isEmpty();
        assertThat(whole.refused)
                .containsExactly(new RefusedRecord(
                        compression + ".parquet#7", "has null in column 'text'; fill it or remove the row"));
    }

    @Test
    void aColumnThatIsMissingNestedOrOfNumbersIsReported() throws IOException {
        Path file = copy("snappy.parquet");
        for (String name : List.of("body", "tags", "id")) {
            ReadFiles read = ReadFiles.of(file, ReadSettings.DEFAULT.withFields(new DocumentFields(name, "", "")));
            assertThat(read.documents).isEmpty();
            assertThat(read.rest().reason())
                    .contains("column '" + name + "' "
                            + (name.equals("id") ? "is not a string" : "does not exist, or is nested"))
                    .contains("one of text, url, license (lists and other nested columns are not read)");
        }
    }

    @Test
    void rowsWithInvalidTextAreRefusedAlone() throws IOException {
        ReadFiles read = ReadFiles.of(copy("invalid.parquet"), SETTINGS);
        assertThat(read.texts()).containsExactly("ok");
        assertThat(read.refused).hasSize(2);
        assertThat(read.refused.get(0).reason()).contains("is not valid UTF-8");
        assertThat(read.refused.get(1).reason()).contains("NUL character");
    }

    @Test
    void damagedPagesMakeTheRestUnreadable() throws IOException {
        Path file = copy("zstd.parquet");
        byte[] bytes = Files.readAllBytes(file);
        for (int i = 200; i < 1500; i++) {
            bytes[i] ^= 0x55;
        }
        Files.write(file, bytes);
        ReadFiles read = ReadFiles.of(file, SETTINGS);
        assertThat(read.documents.size()).isLessThan(999);
        assertThat(read.rest().location()).startsWith("zstd.parquet#");
        assertThat(read.rest().reason()).contains("write it again");
    }

    private Path copy(String name) throws IOException {
        try (var resource = getClass().getResourceAsStream("/parquet/" + name)) {
            return Files.write(directory.resolve(name), resource.readAllBytes());
        }
    }
}
