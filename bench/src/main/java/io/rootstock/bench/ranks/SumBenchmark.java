package io.rootstock.bench.ranks;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.rootstock.bench.training.Size;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.collectives.Collectives;
import io.rootstock.collectives.Element;
import io.rootstock.collectives.MpiCollectives;
import io.rootstock.collectives.MpiLauncher;
import io.rootstock.trainer.engine.Engine;
import io.rootstock.trainer.engine.Execution;
import io.rootstock.trainer.engine.Precision;
import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import io.rootstock.trainer.engine.model.Tuning;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Measures the time of one gradient sum over two processes, for the models of the training benchmarks, and its
 * remaining cost in a step where it overlaps with the backward pass. Without arguments it starts two processes of this
 * class with one argument each. {@code MPI_LAUNCHER} names another Hydra, as for the trainer service.
 */
public final class SumBenchmark {
    private static final int PROCESSES = 2;
    private static final int SUMS = 9;
    private static final int GRADIENTS = 9;
    private static final int ROWS = 8;
    private static final int LENGTH = 256;
    private static final List<Integer> MILLIONS = List.of(5, 25, 124);

    private SumBenchmark() {}

    /** Runs the measurement; the first process prints a table and the figures. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length == 0) {
            System.exit(start());
        }
        try (Collectives group = MpiCollectives.join(PROCESSES)) {
            StringBuilder figures = new StringBuilder();
            for (int millions : MILLIONS) {
                double milliseconds = fastest(group, millions * 1_000_000L) * 1e3;
                if (group.rank() == 0) {
                    System.out.printf(
                            Locale.ROOT,
                            "%4d M float32: %7.1f ms, %5.2f GB/s%n",
                            millions,
                            milliseconds,
                            millions * 4.0 / milliseconds);
                    figures.append(String.format(Locale.ROOT, "sum_ms_%dm=%.1f%n", millions, milliseconds));
                }
            }
            step("5m", Size.SMALL, group, figures);
            step("25m", Size.MIDDLE, group, figures);
            System.out.print(figures);
        }
    }

    /** Measures loss and gradient of both processes, and of each process's half without the sum. */
    private static void step(String name, Size size, Collectives group, StringBuilder figures) {
        double together = gradient(size, ROWS, group, group) * 1e3;
        double alone = gradient(size, ROWS / PROCESSES, Collectives.alone(), group) * 1e3;
        if (group.rank() == 0) {
            System.out.printf(
                    Locale.ROOT,
                    "%5s gradient of %d tokens: %7.1f ms, without the sum %7.1f ms%n",
                    name,
                    ROWS * LENGTH,
                    together,
                    alone);
            figures.append(String.format(Locale.ROOT, "gradient_ms_%s=%.1f%n", name, together));
            figures.append(String.format(Locale.ROOT, "unsummed_ms_%s=%.1f%n", name, alone));
        }
    }

    private static double gradient(Size size, int rows, Collectives engines, Collectives group) {
        double fastest = Double.MAX_VALUE;
        ModelShape shape = size.shape(LENGTH, 0);
        try (Engine engine = Engine.create(shape, new Tuning.Full(), Execution.of(Precision.FLOAT32, 1), engines)) {
            engine.initialize(1);
            int[] tokens = new Random(1)
                    .ints((long) rows * LENGTH, 0, shape.vocabularySize())
                    .toArray();
            List<Batch> batches = List.of(new LanguageBatch(rows, LENGTH, tokens, tokens));
            for (int gradient = 0; gradient < GRADIENTS; gradient++) {
                group.barrier();
                long start = System.nanoTime();
                engine.gradient(batches);
                fastest = Math.min(fastest, (System.nanoTime() - start) / 1e9);
            }
        }
        return fastest;
    }

    private static double fastest(Collectives group, long elements) {
        double fastest = Double.MAX_VALUE;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment values = arena.allocate(elements * Float.BYTES, 64);
            for (long index = 0; index < elements; index++) {
                values.setAtIndex(JAVA_FLOAT, index, 1e-3f);
            }
            for (int sum = 0; sum < SUMS; sum++) {
                group.barrier();
                long start = System.nanoTime();
                group.sum(values, Element.FLOAT32);
                fastest = Math.min(fastest, (System.nanoTime() - start) / 1e9);
            }
        }
        return fastest;
    }

    private static int start() throws IOException, InterruptedException {
        List<String> program = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--add-modules=jdk.incubator.vector",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                SumBenchmark.class.getName(),
                "rank");
        String launcher = System.getenv().getOrDefault("MPI_LAUNCHER", "mpiexec.hydra");
        MpiLauncher hydra = new MpiLauncher(List.of(launcher.strip().split("\\s+", -1)));
        ProcessBuilder builder = new ProcessBuilder(hydra.command(PROCESSES, program)).inheritIO();
        builder.environment().putAll(MpiLauncher.environment());
        return builder.start().waitFor();
    }
}
