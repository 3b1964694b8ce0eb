package io.rootstock.postgres;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs short-lived commands, waits for their exit and returns their output. */
final class Commands {
    /**
     * Result of a command.
     *
     * @param exitCode exit code
     * @param output standard output and standard error, interleaved
     */
    record Result(int exitCode, String output) {
        boolean succeeded() {
            return exitCode == 0;
        }
    }

    private Commands() {}

    /**
     * Runs the command. Its output is redirected to a file instead of a pipe: a server that the command starts in the
     * background would keep the pipe open, and reading it would never end.
     *
     * @throws PostgresException if the command cannot be started or does not exit within {@code limit}
     */
    static Result run(List<String> command, Duration limit) {
        try {
            Path output = Files.createTempFile("rootstock-command-", ".txt");
            try {
                Process process = new ProcessBuilder(command)
                        // PostgreSQL's programs resolve their working directory; their user must be able to read it.
                        .directory(new File("/"))
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
                process.getOutputStream().close();
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                    throw new PostgresException(
                            command.getFirst() + " did not end within " + limit.toSeconds() + " s: " + command);
                }
                return new Result(process.exitValue(), read(output));
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new PostgresException("cannot run " + command + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PostgresException("interrupted while running " + command, e);
        }
    }

    /** Runs the command and returns its output; a non-zero exit code is a {@link PostgresException} with the output. */
    static String require(List<String> command, Duration limit) {
        Result result = run(command, limit);
        if (!result.succeeded()) {
            throw new PostgresException(
                    command + " failed with exit code " + result.exitCode() + ":\n" + result.output());
        }
        return result.output();
    }

    private static String read(Path output) throws IOException {
        return new String(Files.readAllBytes(output), StandardCharsets.UTF_8).strip();
    }
}
