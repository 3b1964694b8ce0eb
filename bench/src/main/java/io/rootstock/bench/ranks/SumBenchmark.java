package io.rootstock.bench.ranks;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.rootstock.collectives.Collectives;
import io.rootstock.collectives.Element;
import io.rootstock.collectives.MpiCollectives;
import io.rootstock.collectives.MpiLauncher;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The time of one sum of a gradient over two processes on this machine, for the models of the training benchmarks. Without
 * arguments it starts the two, which are this class with one.
 */
public final class SumBenchmark {
    private static final int PROCESSES = 2;
    private static final int SUMS = 9;
    private static final List<Integer> MILLIONS = List.of(5, 25, 124);

    private SumBenchmark() {}

    /** Measures; the first process prints a table and the figures. */
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
            System.out.print(figures);
        }
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
                "-cp",
                System.getProperty("java.class.path"),
                SumBenchmark.class.getName(),
                "rank");
        ProcessBuilder builder = new ProcessBuilder(MpiLauncher.HYDRA.command(PROCESSES, program)).inheritIO();
        builder.environment().putAll(MpiLauncher.environment());
        return builder.start().waitFor();
    }
}
