package io.rootstock.evaluator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoundedLogTest {
    @TempDir
    private Path folder;

    @Test
    void keepsTwoFilesAndTheLastLines() throws IOException {
        String output =
                IntStream.range(0, 1000).mapToObj(line -> "line " + line + "\n").collect(Collectors.joining());
        Path file = folder.resolve("log");
        BoundedLog log = new BoundedLog(
                new ByteArrayInputStream((output + "x".repeat(10_000)).getBytes(StandardCharsets.UTF_8)), file, 2000);
        assertThat(log.last().lines().toList())
                .hasSize(12)
                .startsWith("line 989")
                .anySatisfy(line -> assertThat(line).endsWith("...").hasSize(403));
        assertThat(Files.size(folder.resolve("log.1"))).isBetween(1900L, 2100L);
        assertThat(file).exists();
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("log", "log.1");
    }
}
