package io.rootstock.bench.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests {@code bench/interop/clients.py} with clients that are shell commands. */
class ClientsTest {
    private static final String PLAN = "printf '{\"version\": \"1.2\", \"checks\": [\"chat\", \"stream\"]}\\n'; ";
    private static final String CHAT = "printf '{\"check\": \"chat\", \"reason\": null}\\n'; ";
    private static final String STREAM = "printf '{\"check\": \"stream\", \"reason\": \"line 7: no\"}\\n'; ";

    @TempDir
    Path folder;

    @BeforeEach
    void assumePython() throws IOException, InterruptedException {
        assumeTrue(
                run("python3", "-c", "import sys; sys.exit(sys.version_info < (3, 11))").code == 0,
                "needs python3 of at least 3.11");
    }

    private record Result(int code, String output) {}

    @Test
    void failedChecksAreListedWithTheirReasonAndCounted() throws Exception {
        Result result = clients("one " + shell("echo noise; " + PLAN + CHAT + STREAM));
        assertThat(result.output)
                .containsPattern("one +1\\.2 +2 +1 ")
                .contains("\n    stream: line 7: no\n")
                .endsWith("clients=1 checks=2 failed=1\n");
        assertThat(result.code).isEqualTo(1);
    }

    @Test
    void aClientThatEndsEarlyOrHangsFailsItsRemainingChecksOnly() throws Exception {
        Result result = clients(
                "crashed " + shell(PLAN + CHAT + "echo no memory >&2; exit 3"),
                "slow " + shell(PLAN + CHAT + "sleep 60"),
                "good " + shell(PLAN + CHAT + STREAM.replace("\"line 7: no\"", "null")));
        assertThat(result.output)
                .contains("\n    stream: the client ended with status 3: no memory\n")
                .contains("\n    stream: not finished after 2 s\n")
                .containsPattern("good +1\\.2 +2 +0 ")
                .endsWith("clients=3 checks=6 failed=2\n");
    }

    @Test
    void aClientWithoutReportsFails() throws Exception {
        Result result = clients("missing no-such-program", "silent " + shell("true"));
        assertThat(result.output)
                .contains("no-such-program")
                .contains("start: no check was reported")
                .endsWith("clients=2 checks=2 failed=2\n");
    }

    @Test
    void aSkippedClientIsNamedWithItsReason() throws Exception {
        Result result = clients("absent skipped: npm not found");
        assertThat(result.output)
                .contains("skipped: absent (npm not found)\n")
                .endsWith("clients=0 checks=0 failed=0\n");
        assertThat(result.code).isZero();
    }

    private static String shell(String command) {
        return "sh -c '" + command.replace("'", "'\\''") + "'";
    }

    private Result clients(String... lines) throws IOException, InterruptedException {
        Path list = Files.write(folder.resolve("list"), List.of(lines));
        return run(
                "python3",
                Path.of("interop/clients.py").toAbsolutePath().toString(),
                list.toString(),
                folder.toString(),
                "2");
    }

    private Result run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(folder.resolve("errors").toFile())
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }
}
