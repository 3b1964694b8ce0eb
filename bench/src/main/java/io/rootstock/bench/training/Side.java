package io.rootstock.bench.training;

import io.rootstock.trainer.engine.Precision;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * A process that runs training steps on command: for {@code steps N} it prints N lines {@code step SECONDS LOSS} or
 * {@code step CPU_SECONDS SECONDS LOSS}.
 */
final class Side implements AutoCloseable {
    /**
     * Timeout of a command, after which the process is killed: torch.compile takes about a minute in its first steps.
     */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private static final double FLOAT32_TOLERANCE = 1e-4;
    /** Tolerance: bfloat16 products differ in the third digit; the losses of two such models in the fourth. */
    private static final double BFLOAT16_TOLERANCE = 1e-2;

    /**
     * One step as measured by its process.
     *
     * @param seconds seconds of forward pass, backward pass and update
     * @param cpuSeconds CPU time of all threads; NaN if the process does not report it
     * @param loss mean over the batch's loss tokens before the update, nats
     */
    record Step(double seconds, double cpuSeconds, double loss) {}

    private final String name;
    private final Process process;
    private final BufferedReader answers;
    private final PrintWriter commands;
    private final List<Step> steps = new ArrayList<>();
    private double flops;
    private String library = "";

    /** Starts the process and waits until it is ready. */
    Side(String name, ProcessBuilder builder) throws IOException {
        this.name = name;
        this.process = builder.redirectInput(ProcessBuilder.Redirect.PIPE)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        this.answers = process.inputReader(StandardCharsets.US_ASCII);
        this.commands = new PrintWriter(process.outputWriter(StandardCharsets.US_ASCII), true);
        CompletableFuture<Void> killer = killAfterLimit();
        for (String line = answer(); !line.equals("ready"); line = answer()) {
            if (line.startsWith("flops ")) {
                flops = Double.parseDouble(line.substring("flops ".length()));
            } else if (line.startsWith("library ")) {
                library = line.substring("library ".length());
            }
        }
        killer.cancel(false);
    }

    /** FLOPs of a step, if the process printed them. */
    double flops() {
        return flops;
    }

    /** Name and version of the process's library, if it printed them. */
    String library() {
        return library;
    }

    /** All steps so far. */
    List<Step> steps() {
        return List.copyOf(steps);
    }

    /** Runs steps; returns them. */
    List<Step> run(int count) throws IOException {
        CompletableFuture<Void> killer = killAfterLimit();
        commands.println("steps " + count);
        int before = steps.size();
        while (steps.size() < before + count) {
            String[] words = answer().split(" ", -1);
            if (words[0].equals("step")) {
                double[] values = Arrays.stream(words)
                        .skip(1)
                        .mapToDouble(Double::parseDouble)
                        .toArray();
                steps.add(
                        values.length == 2
                                ? new Step(values[0], Double.NaN, values[1])
                                : new Step(values[1], values[0], values[2]));
            }
        }
        killer.cancel(false);
        return List.copyOf(steps.subList(before, steps.size()));
    }

    /** Peak resident memory in bytes. */
    long peakMemory() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            if (line.startsWith("VmHWM:")) {
                return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("/proc/" + process.pid() + "/status of " + name + " has no VmHWM");
    }

    /** Seconds of the fastest step so far. */
    double fastest() {
        return steps.stream().mapToDouble(Step::seconds).min().orElseThrow();
    }

    /**
     * Returns the largest relative difference of the losses of two sides.
     *
     * @throws IllegalStateException if it is above the tolerance of the row's precision
     */
    static double lossDifference(Row row, List<Step> ours, List<Step> theirs) {
        double largest = 0;
        for (int step = 0; step < ours.size(); step++) {
            double loss = theirs.get(step).loss();
            largest = Math.max(largest, Math.abs(ours.get(step).loss() - loss) / loss);
        }
        double tolerance = row.precision() == Precision.BFLOAT16 ? BFLOAT16_TOLERANCE : FLOAT32_TOLERANCE;
        if (!(largest <= tolerance)) {
            throw new IllegalStateException("the losses of " + row.text() + " differ by " + largest + ", more than "
                    + tolerance + ": " + ours + " and " + theirs);
        }
        return largest;
    }

    private CompletableFuture<Void> killAfterLimit() {
        Executor later = CompletableFuture.delayedExecutor(LIMIT.toSeconds(), TimeUnit.SECONDS);
        return CompletableFuture.runAsync(process::destroyForcibly, later);
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException(
                    name + " ended or took longer than " + LIMIT.toMinutes() + " minutes; see its output above");
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        commands.close();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
