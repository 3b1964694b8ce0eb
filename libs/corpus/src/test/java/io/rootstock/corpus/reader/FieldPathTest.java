package io.rootstock.corpus.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fields inside of objects, named by paths such as {@code content.body}. */
class FieldPathTest {
    private static final ReadSettings SETTINGS =
            ReadSettings.DEFAULT.withFields(new DocumentFields("content.body", "meta.source.url", "meta.licence"));

    @TempDir
    private Path directory;

    @Test
    void fieldsOfObjectsAreFoundByTheirPaths() throws IOException {
        String record = """
                {"id": 1, "meta": {"licence": "MIT", "source": {"url": "https://example.org", "text": "no"}},\
                 "content": {"title": "no", "body": "caf\\u00e9", "n": {"body": "no"}}}""".replace("\\\n", "");
        for (ReadFiles read : both(List.of(record))) {
            assertThat(read.documents).singleElement().satisfies(document -> {
                assertThat(document.text()).hasToString("café");
                assertThat(document.url()).isEqualTo("https://example.org");
                assertThat(document.licence()).isEqualTo("MIT");
            });
        }
    }

    @Test
    void aFieldWithTheWholeNameComesFirst() throws IOException {
        List<String> records = List.of(
                "{\"content\": {\"body\": \"nested\"}, \"content.body\": \"whole\"}",
                "{\"content.body\": \"whole\", \"content\": {\"body\": \"nested\"}}");
        for (ReadFiles read : both(records)) {
            assertThat(read.texts()).containsExactly("whole", "whole");
        }
    }

    @Test
    void missingAndOtherValuesAreRefused() throws IOException {
        List<String> records = List.of(
                "{\"content\": {\"title\": \"a\"}, \"id\": 1}",
                "{\"content\": \"a\"}",
                "{\"content\": [{\"body\": \"a\"}]}",
                "{\"content\": {\"body\": null}}",
                "{\"content\": {\"body\": [\"a\"]}}",
                "{\"a\": {\"content\": {\"body\": \"a\"}}}",
                "{\"content\": {\"body\": 7}}");
        for (ReadFiles read : both(records)) {
            assertThat(read.texts()).containsExactly("7");
            assertThat(read.refused).hasSize(6);
            assertThat(read.refused.getFirst().reason()).contains("has no field 'content.body' (it has content, id)");
            assertThat(read.refused.get(3).reason()).contains("null in field 'content.body'");
            assertThat(read.refused.get(4).reason()).contains("'content.body' that is not text");
        }
    }

    /** Lines are read as a stream, arrays as trees. */
    @Test
    void linesAndArraysGiveEqualDocuments() throws IOException {
        Random random = new Random(3);
        List<String> records = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            records.add(object(random, 3));
        }
        List<ReadFiles> read = both(records);
        assertThat(read.get(0).texts()).isNotEmpty().isEqualTo(read.get(1).texts());
        assertThat(read.get(0).documents.stream().map(document -> document.url() + document.licence()))
                .isEqualTo(read.get(1).documents.stream()
                        .map(document -> document.url() + document.licence())
                        .toList());
        assertThat(read.get(0).refused).hasSameSizeAs(read.get(1).refused);
    }

    private static String object(Random random, int depth) {
        List<String> names = List.of("content", "body", "meta", "source", "url", "licence", "content.body", "x");
        StringBuilder json = new StringBuilder("{");
        for (int i = random.nextInt(6); i > 0; i--) {
            // Some names are repeated.
            String name = names.get(random.nextInt(names.size()));
            json.append(json.length() == 1 ? "" : ",").append('"').append(name).append("\":");
            json.append(
                    depth > 0 && random.nextInt(3) > 0
                            ? object(random, depth - 1)
                            : "\"v" + random.nextInt(100) + "\"");
        }
        return json.append('}').toString();
    }

    private List<ReadFiles> both(List<String> records) throws IOException {
        Path lines = ReadFiles.write(directory.resolve("a.jsonl"), String.join("\n", records) + "\n");
        Path array = ReadFiles.write(directory.resolve("a.json"), "[" + String.join(",\n", records) + "]");
        return List.of(ReadFiles.of(lines, SETTINGS), ReadFiles.of(array, SETTINGS));
    }
}
