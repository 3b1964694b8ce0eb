package io.rootstock.bench.storm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs the system's own commands, such as {@code ip} and {@code mount}. */
final class Commands {
    private Commands() {}

    /** Runs a command; throws {@link IllegalStateException} with its output if it fails. */
    static void run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed: " + output.strip());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Sends a signal to processes; those that have ended are ignored. */
    static void signal(String name, List<Long> pids) {
        for (long pid : pids) {
            try {
                run("kill", "-" + name, Long.toString(pid));
            } catch (IllegalStateException gone) {
                // The process has ended.
            }
        }
    }
}
