package io.rootstock.service.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditFileTest {
    @TempDir
    Path directory;

    private static AuditLog.Entry entry(String request) {
        return new AuditLog.Entry("users/alice", "127.0.0.1", "a.B/C", List.of("datasets/x"), request, "because", "");
    }

    @Test
    void aCallHasALineWhenItBeginsAndOneWhenItEnds() throws IOException {
        Path file = directory.resolve("audit/tokenizer-service.jsonl");
        AuditFile log = new AuditFile(file, 1 << 20);

        long number = log.begin(entry("{\"name\":\"datasets/x\"}"));
        log.end(number, "OK", "{}");

        List<String> lines = Files.readAllLines(file);
        JsonNode begin = new ObjectMapper().readTree(lines.get(0));
        JsonNode end = new ObjectMapper().readTree(lines.get(1));
        assertThat(begin.path("principal").textValue()).isEqualTo("users/alice");
        assertThat(begin.path("resources").path(0).textValue()).isEqualTo("datasets/x");
        assertThat(begin.path("reason").textValue()).isEqualTo("because");
        assertThat(end.path("number")).isEqualTo(begin.path("number"));
        assertThat(end.path("status").textValue()).isEqualTo("OK");
        assertThat(lines).hasSize(2);
    }

    @Test
    void keepsTenFilesOfBoundedSize() throws IOException {
        Path file = directory.resolve("x.jsonl");
        AuditFile log = new AuditFile(file, 1000);
        for (int i = 0; i < 200; i++) {
            log.begin(entry("{\"number\":" + i + "}"));
        }
        try (var files = Files.list(directory)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "x.jsonl",
                            "x.jsonl.1",
                            "x.jsonl.2",
                            "x.jsonl.3",
                            "x.jsonl.4",
                            "x.jsonl.5",
                            "x.jsonl.6",
                            "x.jsonl.7",
                            "x.jsonl.8",
                            "x.jsonl.9");
        }
        assertThat(Files.readString(file) + Files.readString(directory.resolve("x.jsonl.1")))
                .contains("199");
    }
}
