package io.rootstock.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Runs a task in a child process that may abort inside llama.cpp (a failed GGML_ASSERT) or opens a file of outside
 * origin; {@link Confinement#apply} confines such a process. The child's main class must call {@link #endWithParent}
 * first.
 */
public final class ExpendableProcess {
    /** File in the folder with the child's standard output. */
    public static final String OUTPUT = "output";

    /** Maximum number of bytes that are read of the child's standard output; the rest is ignored. */
    private static final int OUTPUT_BYTES = 4 << 20;
    /** Maximum number of bytes of standard error that can become part of an error message. */
    private static final int WORDS_BYTES = 8 << 10;

    private static final int WORDS = 3;
    /** Polling interval; a native process can load a small model and exit within 40 ms. */
    private static final long LOOK_MILLIS = 5;

    private ExpendableProcess() {}

    /** Outcome of the child process. */
    public enum Kind {
        /** By itself, with exit code 0. */
        DONE,
        /** With another exit code, or by a signal. */
        DIED,
        /** Killed after its time limit. */
        OVERTIME,
        /** Killed above its memory limit. */
        OVERSIZED,
        /** Killed because the caller cancelled it. */
        UNWANTED,
        /** Not started, because it could not be confined. */
        UNCONFINED
    }

    /**
     * Resource limits of a child process.
     *
     * @param residentBytes maximum resident memory; checked only on systems with {@code /proc}
     */
    public record Limits(Duration time, long residentBytes) {
        /** Creates limits of time only. */
        public static Limits of(Duration time) {
            return new Limits(time, Long.MAX_VALUE);
        }
    }

    /**
     * Result of a child process.
     *
     * @param exitCode exit code; 128 plus the signal's number if a signal ended it
     * @param output lines of standard output
     * @param words last lines of standard error; for llama.cpp the failed assertion
     */
    public record End(Kind kind, int exitCode, List<String> output, String words) {
        public End {
            output = List.copyOf(output);
        }

        /** Description of the result for an error message. */
        public String reason() {
            String said = words.isEmpty() ? "" : " (" + words + ")";
            return switch (kind) {
                case DONE -> "it ended" + said;
                case DIED -> "its process ended with exit code " + exitCode + said;
                case OVERTIME -> "its process took too long" + said;
                case OVERSIZED -> "its process took too much memory" + said;
                case UNWANTED -> "its process was stopped" + said;
                case UNCONFINED -> "its process was not started" + said;
            };
        }
    }

    /**
     * Starts a child process and waits for its end.
     *
     * @param command command line; this method redirects its streams
     * @param folder existing directory for its output and core files
     * @param wanted polled during the run; false kills the child
     */
    public static End run(ProcessBuilder command, Path folder, Limits limits, BooleanSupplier wanted) {
        Path output = folder.resolve(OUTPUT);
        Path words = folder.resolve("words");
        // A failed assertion would otherwise run a debugger, if one is installed, and take seconds for the backtrace.
        command.environment().put("GGML_NO_BACKTRACE", "1");
        command.directory(folder.toFile())
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .redirectOutput(output.toFile())
                .redirectError(words.toFile());
        try {
            Process child = command.start();
            try {
                Kind kind = await(child, limits, wanted);
                return new End(kind, child.exitValue(), lines(output), last(words));
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
        return switch (child.exitValue()) {
            case 0 -> Kind.DONE;
            case Launcher.UNCONFINED -> Kind.UNCONFINED;
            default -> Kind.DIED;
        };
    }

    /** Resident memory of the child; 0 if unknown, for example after its end. */
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

    private static List<String> lines(Path output) throws IOException {
        try (InputStream input = Files.newInputStream(output, LinkOption.NOFOLLOW_LINKS)) {
            return new String(input.readNBytes(OUTPUT_BYTES), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    private static String last(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, LinkOption.NOFOLLOW_LINKS, StandardOpenOption.READ)) {
            long start = Math.max(0, channel.size() - WORDS_BYTES);
            byte[] end = Channels.newInputStream(channel.position(start)).readNBytes(WORDS_BYTES);
            // A crashing process may print invalid UTF-8.
            List<String> lines = new String(end, StandardCharsets.ISO_8859_1)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
            return String.join(" | ", lines.subList(Math.max(0, lines.size() - WORDS), lines.size()));
        }
    }

    /**
     * Called first in the child: exits when the parent has ended. The parent must keep standard input open. A confined
     * child can start no program after this call.
     */
    public static void endWithParent() {
        Launcher.denyPrograms();
        Thread.ofPlatform().daemon().name("parent-watch").start(() -> {
            try {
                while (System.in.read() >= 0) {
                    // The parent does not write.
                }
            } catch (IOException _) {
                // The parent has ended.
            }
            Runtime.getRuntime().halt(1);
        });
    }
}
