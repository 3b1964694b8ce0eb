package io.rootstock.trainer.estimate;

import io.rootstock.trainer.run.JavaWorkerLauncher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a probe of this machine and returns the words of the last line of its output. */
final class ProbeProcess {
    private static final long PATIENCE_SECONDS = 120;
    private static final int MAX_ERROR_CHARACTERS = 4000;

    private ProbeProcess() {}

    /** @throws IllegalStateException with the end of the process's error output if it fails or takes too long */
    static List<String> words(JavaWorkerLauncher launcher, List<String> program) {
        try {
            Path errors = Files.createTempFile("probe", ".log");
            try {
                return words(launcher.builder(program).redirectError(errors.toFile()), errors);
            } finally {
                Files.deleteIfExists(errors);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot probe this machine", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while probing this machine", e);
        }
    }

    private static List<String> words(ProcessBuilder builder, Path errors) throws IOException, InterruptedException {
        Process process = builder.start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("probing this machine took more than " + PATIENCE_SECONDS + " s");
        }
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        if (process.exitValue() != 0) {
            String output = Files.readString(errors, StandardCharsets.ISO_8859_1);
            throw new IllegalStateException("probing this machine failed with exit code " + process.exitValue() + ": "
                    + output.substring(Math.max(0, output.length() - MAX_ERROR_CHARACTERS)));
        }
        return List.of(printed.lines().toList().getLast().split(" ", -1));
    }
}
