package io.rootstock.bench.training;

import io.rootstock.bench.Folders;
import io.rootstock.collectives.MpiLauncher;
import io.rootstock.trainer.engine.Execution;
import io.rootstock.trainer.engine.GemmPeak;
import io.rootstock.trainer.engine.Precision;
import io.rootstock.trainer.run.JavaWorkerLauncher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Training steps of ours and of PyTorch eager, in turns, with the same weights and batches: tokens per second, peak
 * memory, and the share of the machine's matrix products. The losses must be the same before anything is timed.
 */
public final class CpuTraining {
    private static final int CHECKED_STEPS = 3;
    private static final double FLOAT32_TOLERANCE = 1e-4;
    /** Products of bfloat16 differ in their third digit; the losses of two such models in their fourth. */
    private static final double BFLOAT16_TOLERANCE = 1e-2;

    private static final int ROUNDS = 4;
    private static final double SECONDS_OF_A_TURN = 4;
    private static final int MOST_STEPS_OF_A_TURN = 40;

    /**
     * What a row gave.
     *
     * @param ours tokens per second
     * @param theirs tokens per second
     * @param ourMemory peak bytes
     * @param theirMemory peak bytes
     * @param utilization our share of the gemm peak
     * @param theirUtilization their share
     * @param difference largest relative difference of the checked losses
     */
    private record Outcome(
            Row row,
            double ours,
            double theirs,
            long ourMemory,
            long theirMemory,
            double utilization,
            double theirUtilization,
            double difference) {
        double ratio() {
            return ours / theirs;
        }

        double memoryRatio() {
            return (double) ourMemory / theirMemory;
        }
    }

    private final boolean quick;
    private final Path home;

    private CpuTraining(boolean quick, Path home) {
        this.quick = quick;
        this.home = home;
    }

    /** Arguments: {@code --quick}, {@code --all} or none. */
    public static void main(String[] arguments) throws IOException {
        boolean quick = List.of(arguments).contains("--quick");
        List<Row> rows = List.of(arguments).contains("--all") ? Row.all() : quick ? Row.quick() : Row.chosen();
        String named = System.getenv("ROOTSTOCK_HOME");
        Path home = named == null || named.isBlank()
                ? Path.of(System.getProperty("user.home"), ".rootstock")
                : Path.of(named).toAbsolutePath();
        new CpuTraining(quick, home).run(rows);
    }

    private void run(List<Row> rows) throws IOException {
        System.out.println("""
                ours and PyTorch eager in turns, each in a process of its own; the fastest step of each counts
                "difference" is the losses' before anything is timed; MFU is the share of the gemm peak measured here""");
        System.out.printf(
                "  %-6s %6s %-9s %7s %-15s %9s %9s %6s %9s %9s %6s %6s %8s %10s%n",
                "model",
                "length",
                "precision",
                "threads",
                "work",
                "tokens/s",
                "PyTorch",
                "ratio",
                "MiB",
                "PyTorch",
                "ratio",
                "MFU",
                "PyTorch",
                "difference");
        List<Outcome> outcomes = new ArrayList<>();
        for (Row row : rows) {
            Outcome outcome = measure(row);
            outcomes.add(outcome);
            System.out.printf(
                    Locale.ROOT,
                    "  %-6s %6d %-9s %7d %-15s %9.0f %9.0f %6.2f %9d %9d %6.2f %6.2f %8.2f %10.1e%n",
                    row.size().words,
                    row.length(),
                    row.precision().name().toLowerCase(Locale.ROOT),
                    row.threads(),
                    row.work().words,
                    outcome.ours(),
                    outcome.theirs(),
                    outcome.ratio(),
                    outcome.ourMemory() >> 20,
                    outcome.theirMemory() >> 20,
                    outcome.memoryRatio(),
                    outcome.utilization(),
                    outcome.theirUtilization(),
                    outcome.difference());
        }
        ladder();
        print("f32_ratio", worstRatio(outcomes, Precision.FLOAT32));
        print("bf16_ratio", worstRatio(outcomes, Precision.BFLOAT16));
        print(
                "memory_ratio",
                outcomes.stream().mapToDouble(Outcome::memoryRatio).max().orElseThrow());
        print("mfu", outcomes.stream().mapToDouble(Outcome::utilization).min().orElseThrow());
    }

    private Outcome measure(Row row) throws IOException {
        Path folder = Files.createTempDirectory("cpu-training");
        try (Side ours = new Side("our side", ours(row, folder, Execution.of(row.precision(), row.threads())));
                Side theirs = new Side("PyTorch", theirs(row, folder))) {
            List<Side.Step> ourSteps = new ArrayList<>(ours.steps(CHECKED_STEPS));
            List<Side.Step> theirSteps = new ArrayList<>(theirs.steps(CHECKED_STEPS));
            double difference = difference(row, ourSteps, theirSteps);
            for (int round = 0; round < (quick ? 1 : ROUNDS); round++) {
                ourSteps.addAll(ours.steps(turn(ourSteps)));
                theirSteps.addAll(theirs.steps(turn(theirSteps)));
            }
            double peak = GemmPeak.flopsPerSecond(row.precision(), row.threads());
            return new Outcome(
                    row,
                    row.tokens() / fastest(ourSteps),
                    row.tokens() / fastest(theirSteps),
                    ours.peakMemory(),
                    theirs.peakMemory(),
                    ours.flops() / fastest(ourSteps) / peak,
                    ours.flops() / fastest(theirSteps) / peak,
                    difference);
        } finally {
            Folders.delete(folder);
        }
    }

    /** One technique after the other. */
    private void ladder() throws IOException {
        System.out.println("what each technique gives: the small model, pre-training, 256 tokens a row");
        System.out.printf("  %-42s %9s %9s%n", "technique", "tokens/s", "MiB");
        for (Rung rung : Rung.ladder()) {
            Path folder = Files.createTempDirectory("cpu-training");
            try (Side ours = new Side("our side", ours(rung.row(), folder, rung.execution()))) {
                List<Side.Step> steps = new ArrayList<>(ours.steps(CHECKED_STEPS));
                for (int round = 0; round < (quick ? 1 : ROUNDS); round++) {
                    steps.addAll(ours.steps(turn(steps)));
                }
                System.out.printf(
                        Locale.ROOT,
                        "  %-42s %9.0f %9d%n",
                        rung.words(),
                        rung.row().tokens() / fastest(steps),
                        ours.peakMemory() >> 20);
            } finally {
                Folders.delete(folder);
            }
        }
    }

    private ProcessBuilder ours(Row row, Path folder, Execution execution) {
        return new JavaWorkerLauncher(home, folder, "512m", List.of(), MpiLauncher.HYDRA)
                .builder(OurSide.program(row, folder, execution));
    }

    private static ProcessBuilder theirs(Row row, Path folder) {
        ProcessBuilder builder =
                new ProcessBuilder("/usr/bin/python3", "bench/training/pytorch_eager.py", folder.toString());
        builder.environment().put("OMP_NUM_THREADS", Integer.toString(row.threads()));
        builder.environment().put("LD_LIBRARY_PATH", System.getenv("ROOTSTOCK_PEER_BLAS"));
        return builder;
    }

    private int turn(List<Side.Step> before) {
        double wished = (quick ? 1 : SECONDS_OF_A_TURN) / fastest(before);
        return Math.clamp(Math.round(wished), 1, MOST_STEPS_OF_A_TURN);
    }

    private static double fastest(List<Side.Step> steps) {
        return steps.stream().mapToDouble(Side.Step::seconds).min().orElseThrow();
    }

    private static double difference(Row row, List<Side.Step> ours, List<Side.Step> theirs) {
        double largest = 0;
        for (int step = 0; step < CHECKED_STEPS; step++) {
            double loss = theirs.get(step).loss();
            largest = Math.max(largest, Math.abs(ours.get(step).loss() - loss) / loss);
        }
        double tolerance = row.precision() == Precision.BFLOAT16 ? BFLOAT16_TOLERANCE : FLOAT32_TOLERANCE;
        if (!(largest <= tolerance)) {
            throw new IllegalStateException(
                    "the sides do not compute the same: losses of " + row.text() + " are " + ours + " and " + theirs);
        }
        return largest;
    }

    private static double worstRatio(List<Outcome> outcomes, Precision precision) {
        return outcomes.stream()
                .filter(outcome -> outcome.row().precision() == precision)
                .mapToDouble(Outcome::ratio)
                .min()
                .orElse(Double.NaN);
    }

    private static void print(String key, double value) {
        System.out.printf(Locale.ROOT, "%s=%.3f%n", key, value);
    }
}
