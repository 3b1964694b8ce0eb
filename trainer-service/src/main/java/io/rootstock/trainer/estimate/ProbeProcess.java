package io.rootstock.trainer.estimate;

import io.rootstock.trainer.run.JavaWorkerLauncher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a probe of this machine and returns the words of the last line of its output. */
final class ProbeProcess {
    private static final long PATIENCE_SECONDS = 120;

    private ProbeProcess() {}

    static List<String> words(JavaWorkerLauncher launcher, List<String> program) {
        try {
            Process process = launcher.builder(program)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("probing this machine took more than " + PATIENCE_SECONDS + " s");
            }
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            if (process.exitValue() != 0) {
                throw new IllegalStateException("probing this machine failed with exit code " + process.exitValue());
            }
            return List.of(printed.lines().toList().getLast().split(" ", -1));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot probe this machine", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while probing this machine", e);
        }
    }
}
