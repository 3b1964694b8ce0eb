package io.rootstock.llama;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Runs what may end its process inside llama.cpp (a failed GGML_ASSERT aborts) in a process that nobody misses. The
 * child's main class calls {@link #endWithParent} first.
 */
public final class ExpendableProcess {
    /** File in the folder that holds what the child has printed so far. */
    public static final String OUTPUT = "output";

    private static final int WORDS = 3;
    /** A native process may load a small model and end within 40. */
    private static final long LOOK_MILLIS = 5;

    private ExpendableProcess() {}

    /** How a child ended. */
    public enum Kind {
        /** Of its own accord, with exit code 0. */
        DONE,
        /** With another exit code, or by a signal. */
        DIED,
        /** Killed, because its time was over. */
        OVERTIME,
        /** Killed, because it took too much memory. */
        OVERSIZED,
        /** Killed, because its result is no longer wanted. */
        UNWANTED
    }

    /**
     * What a child may take.
     *
     * @param residentBytes of memory; looked after where there is a {@code /proc}
     */
    public record Limits(Duration time, long residentBytes) {
        /** A limit of time alone. */
        public static Limits of(Duration time) {
            return new Limits(time, Long.MAX_VALUE);
        }
    }

    /**
     * A child that ended.
     *
     * @param exitCode its exit code; 128 and the signal's number where a signal ended it
     * @param output the lines it printed on standard output
     * @param words the last lines it printed on standard error, of llama.cpp the assertion that failed
     */
    public record End(Kind kind, int exitCode, List<String> output, String words) {
        /** Copies the list. */
        public End {
            output = List.copyOf(output);
        }

        /** What happened, for people. */
        public String reason() {
            String said = words.isEmpty() ? "" : " (" + words + ")";
            return switch (kind) {
                case DONE -> "it ended" + said;
                case DIED -> "its process ended with exit code " + exitCode + said;
                case OVERTIME -> "its process took too long" + said;
                case OVERSIZED -> "its process took too much memory" + said;
                case UNWANTED -> "its process was stopped" + said;
            };
        }
    }

    /**
     * Starts a child and waits for its end.
     *
     * @param command its command line; where its streams go is set here
     * @param folder where its output is kept meanwhile, and what it leaves when it crashes; must exist
     * @param wanted asked now and then; false ends it
     */
    public static End run(ProcessBuilder command, Path folder, Limits limits, BooleanSupplier wanted) {
        Path output = folder.resolve(OUTPUT);
        Path words = folder.resolve("words");
        // A failed assertion would start a debugger, where there is one, and take seconds to print its trace.
        command.environment().put("GGML_NO_BACKTRACE", "1");
        command.directory(folder.toFile())
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .redirectOutput(output.toFile())
                .redirectError(words.toFile());
        try {
            Process child = command.start();
            try {
                Kind kind = await(child, limits, wanted);
                return new End(kind, child.exitValue(), Files.readAllLines(output), last(words));
            } finally {
                child.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command.command().getFirst() + " in " + folder, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a process", e);
        }
    }

    private static Kind await(Process child, Limits limits, BooleanSupplier wanted)
            throws InterruptedException, IOException {
        long start = System.nanoTime();
        while (!child.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            Optional<Kind> excess = System.nanoTime() - start > limits.time().toNanos()
                    ? Optional.of(Kind.OVERTIME)
                    : residentBytes(child) > limits.residentBytes()
                            ? Optional.of(Kind.OVERSIZED)
                            : wanted.getAsBoolean() ? Optional.empty() : Optional.of(Kind.UNWANTED);
            if (excess.isPresent()) {
                child.destroyForcibly().waitFor();
                return excess.get();
            }
        }
        return child.exitValue() == 0 ? Kind.DONE : Kind.DIED;
    }

    /** 0 where nothing tells, as of a process that has just ended. */
    private static long residentBytes(Process child) throws IOException {
        Path status = Path.of("/proc", Long.toString(child.pid()), "status");
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .sum();
        } catch (NoSuchFileException | UncheckedIOException _) {
            return 0;
        }
    }

    private static String last(Path file) throws IOException {
        // What a crash prints need not be text in UTF-8.
        List<String> lines = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - WORDS), lines.size()));
    }

    /** In the child: ends it when its parent is gone, however that ended. Standard input is the parent's to hold open. */
    public static void endWithParent() {
        Thread.ofPlatform().daemon().name("parent-watch").start(() -> {
            try {
                while (System.in.read() >= 0) {
                    // The parent says nothing.
                }
            } catch (IOException _) {
                // Gone as well.
            }
            Runtime.getRuntime().halt(1);
        });
    }
}
