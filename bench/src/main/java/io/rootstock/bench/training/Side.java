package io.rootstock.bench.training;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process that takes training steps when it is told to: {@code steps N} answers N lines {@code step SECONDS LOSS} or {@code
 * step CPU_SECONDS SECONDS LOSS}.
 */
final class Side implements AutoCloseable {
    /**
     * One step as its process measured it.
     *
     * @param seconds forward, backward and update
     * @param cpuSeconds processor time of all threads; NaN where the process does not tell
     * @param loss mean over the batch's loss tokens before the update, nats
     */
    record Step(double seconds, double cpuSeconds, double loss) {}

    private final String name;
    private final Process process;
    private final BufferedReader answers;
    private final PrintWriter commands;
    private double flops;

    /** Starts it and waits until it is ready. */
    Side(String name, ProcessBuilder builder) throws IOException {
        this.name = name;
        this.process = builder.redirectInput(ProcessBuilder.Redirect.PIPE)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        this.answers = process.inputReader(StandardCharsets.US_ASCII);
        this.commands = new PrintWriter(process.outputWriter(StandardCharsets.US_ASCII), true);
        for (String line = answer(); !line.equals("ready"); line = answer()) {
            if (line.startsWith("flops ")) {
                flops = Double.parseDouble(line.substring("flops ".length()));
            }
        }
    }

    /** Floating-point operations of a step, where the process told them. */
    double flops() {
        return flops;
    }

    List<Step> steps(int count) throws IOException {
        commands.println("steps " + count);
        List<Step> steps = new ArrayList<>();
        while (steps.size() < count) {
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
        return steps;
    }

    /** The most memory it ever had resident, bytes. */
    long peakMemory() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            if (line.startsWith("VmHWM:")) {
                return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("the kernel tells no VmHWM of " + name);
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException(name + " ended; its own words are above");
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
