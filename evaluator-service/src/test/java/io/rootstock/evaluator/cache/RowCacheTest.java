package io.rootstock.evaluator.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.evaluation.task.score.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowCacheTest {
    private static final long PLENTY = 1 << 20;
    private static final List<Response> RESPONSES = List.of(
            new Response.Loglikelihood(-1.25e-7, true, 3),
            new Response.Loglikelihood(Double.NEGATIVE_INFINITY, false, 1),
            new Response.Rolling(-12.5),
            new Response.Generated("two\nlines \"quoted\" \ud55c"),
            new Response.Generated("ended", Response.Ending.BY_ITSELF),
            new Response.Generated("cut", Response.Ending.LIMIT));

    @TempDir
    private Path folder;

    private static RowCache.Key key(String task) {
        return new RowCache.Key("", "sha256:0", "llama.cpp b1", task);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void responsesAreFoundAfterAReopening() throws IOException {
        RowCache cache = new RowCache(folder, PLENTY);
        try (TaskCache task = cache.open(key("t"))) {
            assertThat(task.find("a")).isEmpty();
            task.put("a", RESPONSES);
            assertThat(task.find("a")).contains(RESPONSES);
        }
        try (TaskCache task = cache.open(key("t"))) {
            assertThat(task.find("a")).contains(RESPONSES);
            assertThat(task.find("b")).isEmpty();
        }
    }

    @Test
    void everyPartOfTheKeySeparates() throws IOException {
        RowCache cache = new RowCache(folder, PLENTY);
        try (TaskCache task = cache.open(key("t"))) {
            task.put("a", RESPONSES);
        }
        for (RowCache.Key other : List.of(
                key("u"),
                new RowCache.Key("models/m/versions/1", "sha256:0", "llama.cpp b1", "t"),
                new RowCache.Key("", "sha256:1", "llama.cpp b1", "t"),
                new RowCache.Key("", "sha256:0", "llama.cpp b2", "t"))) {
            try (TaskCache task = cache.open(other)) {
                assertThat(task.find("a")).isEmpty();
            }
        }
    }

    @Test
    void anUnfinishedLastLineIsRemoved() throws IOException {
        RowCache cache = new RowCache(folder, PLENTY);
        try (TaskCache task = cache.open(key("t"))) {
            task.put("a", RESPONSES);
            task.put("b", RESPONSES);
        }
        Path file = files().getFirst();
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 20));
        try (TaskCache task = cache.open(key("t"))) {
            assertThat(task.find("a")).contains(RESPONSES);
            assertThat(task.find("b")).isEmpty();
            task.put("c", RESPONSES);
        }
        try (TaskCache task = cache.open(key("t"))) {
            assertThat(task.find("a")).contains(RESPONSES);
            assertThat(task.find("c")).contains(RESPONSES);
        }
        assertThat(Files.readAllLines(file)).hasSize(2);
    }

    @Test
    void damagedLinesAreIgnored() throws IOException {
        RowCache cache = new RowCache(folder, PLENTY);
        try (TaskCache task = cache.open(key("t"))) {
            task.put("a", RESPONSES);
        }
        Files.writeString(
                files().getFirst(),
                "noise\n{\"row\":\"b\",\"responses\":[{\"logprob\":\"x\"]}\n{\"row\":\"c\",\"responses\":[{}]}\n",
                StandardCharsets.UTF_8,
                StandardOpenOption.APPEND);
        try (TaskCache task = cache.open(key("t"))) {
            assertThat(task.find("a")).contains(RESPONSES);
            assertThat(task.find("b")).isEmpty();
            assertThat(task.find("c")).isEmpty();
        }
    }

    @Test
    void beyondTheLimitTheOldestFilesAreRemovedAndNothingIsAppended() throws IOException {
        RowCache cache = new RowCache(folder, 1000);
        for (String task : List.of("old", "new")) {
            try (TaskCache opened = cache.open(key(task))) {
                opened.put("a", List.of(new Response.Generated("x".repeat(400))));
            }
            if (task.equals("old")) {
                Files.setLastModifiedTime(
                        files().getFirst(), FileTime.from(Instant.now().minusSeconds(60)));
            }
        }
        try (TaskCache task = cache.open(key("third"))) {
            task.put("a", List.of(new Response.Generated("x".repeat(400))));
            task.put("b", List.of(new Response.Generated("x".repeat(400))));
            assertThat(task.find("a")).isPresent();
            assertThat(task.find("b")).isEmpty();
        }
        assertThat(files()).hasSize(2);
        try (TaskCache task = cache.open(key("new"))) {
            assertThat(task.find("a")).isPresent();
        }
        try (TaskCache task = cache.open(key("old"))) {
            assertThat(task.find("a")).isEmpty();
        }
    }
}
