package io.rootstock.registry.database;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a short command to its end and keeps what it printed. */
final class Commands {
    /**
     * What came of a command.
     *
     * @param exitCode its exit code
     * @param output its standard output and error together
     */
    record Result(int exitCode, String output) {
        boolean succeeded() {
            return exitCode == 0;
        }
    }

    private Commands() {}

    /**
     * Runs the command. Its output goes through a file and not a pipe: a server that it leaves behind would hold the
     * pipe open, and reading it would never end.
     */
    static Result run(List<String> command, Duration limit) {
        try {
            Path output = Files.createTempFile("rootstock-command-", ".txt");
            try {
                Process process = new ProcessBuilder(command)
                        // PostgreSQL's programs want to know their folder, which their user must be able to read.
                        .directory(new File("/"))
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
                process.getOutputStream().close();
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                    throw new DatabaseException(
                            command.getFirst() + " did not end within " + limit.toSeconds() + " s: " + command);
                }
                return new Result(process.exitValue(), read(output));
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new DatabaseException("cannot run " + command + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseException("interrupted while running " + command, e);
        }
    }

    /** As {@link #run}, and a failure is a {@link DatabaseException} with all the command printed. */
    static String require(List<String> command, Duration limit) {
        Result result = run(command, limit);
        if (!result.succeeded()) {
            throw new DatabaseException(
                    command + " failed with exit code " + result.exitCode() + ":\n" + result.output());
        }
        return result.output();
    }

    private static String read(Path output) throws IOException {
        return new String(Files.readAllBytes(output), StandardCharsets.UTF_8).strip();
    }
}
