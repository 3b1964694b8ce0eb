package io.rootstock.corpus.reader;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.corpus.source.Row;
import io.rootstock.corpus.source.RowHandler;
import io.rootstock.corpus.source.SourceOptions;
import io.rootstock.corpus.source.SourceReader;
import io.rootstock.corpus.unit.TextRecords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares the readers of units, which read bytes, with the reader of uploaded files, which reads characters. */
class NaiveReaderTest {
    private static final int FILES = 300;
    private static final int TARGET = 64;

    @TempDir
    private Path directory;

    @Test
    void jsonLinesAreReadAsByJackson() throws IOException {
        JsonMapper mapper = new JsonMapper();
        Random random = new Random(11);
        for (int i = 0; i < FILES; i++) {
            StringBuilder file = new StringBuilder();
            for (int line = random.nextInt(20); line >= 0; line--) {
                String text = words(random, "ab \"\\\n\t/é한😀");
                String json = mapper.writeValueAsString(Map.of("text", text, "n", List.of(1, Map.of("text", 2))));
                boolean damaged = random.nextInt(5) == 0;
                file.append(damaged ? json.substring(0, random.nextInt(json.length())) : json)
                        .append(random.nextInt(4) == 0 ? "\r\n" : "\n");
            }
            compare("a.jsonl", file.toString(), 0);
        }
    }

    @Test
    void blocksOfTextAreDividedAsByCharacters() throws IOException {
        Random random = new Random(12);
        for (int i = 0; i < FILES; i++) {
            StringBuilder file = new StringBuilder();
            for (int line = random.nextInt(60); line >= 0; line--) {
                file.append(words(random, "abc  ").repeat(random.nextInt(6)))
                        .append(random.nextInt(4) == 0 ? "\r\n" : "\n\n".substring(random.nextInt(2)));
            }
            compare("a.txt", file.toString(), TARGET);
        }
    }

    @Test
    void tabSeparatedValuesAreReadAsByTheCsvLibrary() throws IOException {
        Random random = new Random(13);
        for (int i = 0; i < FILES; i++) {
            StringBuilder file = new StringBuilder("text\tn\n");
            for (int line = random.nextInt(30); line >= 0; line--) {
                file.append(random.nextInt(5) == 0 ? " " : "b" + words(random, "ab \"',é한😀"));
                file.append("\tx".repeat(random.nextInt(8) == 0 ? random.nextInt(4) : 1));
                file.append(random.nextInt(4) == 0 ? "\r\n" : "\n");
            }
            compare("a.tsv", file.toString(), 0);
        }
    }

    private void compare(String name, String content, int textChunk) throws IOException {
        List<String> expected = new ArrayList<>();
        new SourceReader(name, new SourceOptions(StandardCharsets.UTF_8, Optional.empty(), List.of(), textChunk))
                .read(new java.io.ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)), new RowHandler() {
                    @Override
                    public void row(Row row) {
                        String text = row.fields().path("text").asText();
                        expected.add(name + ":" + row.line() + " " + (text.isBlank() ? "refused" : text));
                    }

                    @Override
                    public void refused(long line, String reason) {
                        expected.add(name + ":" + line + " refused");
                    }
                });
        Path file = ReadFiles.write(directory.resolve(name), content);
        ReadSettings settings = ReadSettings.DEFAULT.withText(new TextRecords.Blocks(Math.max(64, textChunk)));
        List<String> actual = new ArrayList<>();
        ReadFiles read = ReadFiles.of(file, settings);
        read.documents.forEach(document -> actual.add(document.location() + " " + document.text()));
        read.refused.forEach(record -> actual.add(record.location() + " refused"));
        assertThat(actual).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static String words(Random random, String alphabet) {
        int[] characters = alphabet.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(14); i > 0; i--) {
            text.appendCodePoint(characters[random.nextInt(characters.length)]);
        }
        return text.toString();
    }
}
