package io.rootstock.cli.installation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogFileTest {
    @TempDir
    private Path directory;

    @Test
    void returnsTheLastLines() throws IOException {
        Path file = Files.writeString(directory.resolve("a.log"), "one\ntwo\nthree ü\n");
        assertThat(new LogFile(file).tail(2)).containsExactly("two", "three ü");
        assertThat(new LogFile(file).tail(10)).containsExactly("one", "two", "three ü");
        assertThat(new LogFile(file).tail(0)).isEmpty();
        assertThat(new LogFile(directory.resolve("absent.log")).tail(5)).isEmpty();
    }

    @Test
    void returnsNewLinesOnceTheyAreComplete() throws IOException {
        Path file = Files.writeString(directory.resolve("a.log"), "one\ntw");
        LogFile log = new LogFile(file);
        assertThat(log.tail(5)).containsExactly("one");
        Files.writeString(file, "o\nthree\n", StandardOpenOption.APPEND);
        assertThat(log.next()).containsExactly("two", "three");
        assertThat(log.next()).isEqualTo(List.of());
    }

    @Test
    void continuesInTheNewFileOfARestartedService() throws IOException {
        Path file = Files.writeString(directory.resolve("a.log"), "one\ntwo\n");
        LogFile log = new LogFile(file);
        log.tail(5);
        Files.move(file, directory.resolve("a.log.1"));
        Files.writeString(file, "a line that is longer than the old file\n");
        assertThat(log.next()).containsExactly("a line that is longer than the old file");
    }

    @Test
    void readsTheEndOfALongLogOnly() throws IOException {
        Path file = directory.resolve("a.log");
        byte[] line = ("x".repeat(1023) + "\n").getBytes(StandardCharsets.US_ASCII);
        try (var out = Files.newOutputStream(file)) {
            for (int i = 0; i < 20_000; i++) {
                out.write(line);
            }
            out.write("end\n".getBytes(StandardCharsets.US_ASCII));
        }
        assertThat(new LogFile(file).tail(2)).containsExactly("x".repeat(1023), "end");
    }
}
