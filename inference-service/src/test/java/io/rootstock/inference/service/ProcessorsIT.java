package io.rootstock.inference.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ProcessorsIT {
    private static final Pattern THREADS = Pattern.compile("with \\d+ threads");

    @TempDir
    Path home;

    @Test
    void decodingUsesOneThreadPerAvailableProcessor() throws IOException {
        // The first CPU in this process's affinity mask.
        String one = Pattern.compile("Cpus_allowed_list:\\s*(\\d+)")
                .matcher(Files.readString(Path.of("/proc/self/status")))
                .results()
                .map((MatchResult found) -> found.group(1))
                .findFirst()
                .orElseThrow();
        try (PlayedRegistry registry = new PlayedRegistry();
                ServiceProcess _ = new ServiceProcess(List.of("taskset", "-c", one), home, registry.port())) {
            ServingFixture.await(() -> THREADS.matcher(log()).find());
            assertThat(log()).containsPattern("llama\\.cpp .* with 1 threads");
        }
    }

    private String log() {
        try {
            return Files.readString(home.resolve("service.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
