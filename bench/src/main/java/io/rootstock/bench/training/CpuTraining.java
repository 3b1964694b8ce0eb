package io.rootstock.bench.training;

import io.rootstock.bench.rounds.Figures;
import io.rootstock.bench.rounds.SideBySide;
import io.rootstock.collectives.MpiLauncher;
import io.rootstock.files.FileTree;
import io.rootstock.trainer.engine.Execution;
import io.rootstock.trainer.engine.GemmPeak;
import io.rootstock.trainer.engine.Precision;
import io.rootstock.trainer.plan.Machine;
import io.rootstock.trainer.run.JavaWorkerLauncher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Compares training steps of the trainer, PyTorch eager and torch.compile, alternating, with equal weights and batches:
 * tokens per second, peak memory, and the share of the measured matrix-product peak. The first losses must agree before
 * times are measured.
 */
public final class CpuTraining {
    private static final int CHECKED_STEPS = 3;
    private static final int ROUNDS = 4;
    private static final double SECONDS_PER_TURN = 4;
    private static final int MAX_STEPS_PER_TURN = 40;
    /**
     * Result of a row. Speeds are tokens per second, memory is peak resident bytes.
     *
     * @param compiled torch.compile's speed; NaN if not measured
     * @param mfu the trainer's share of the matrix-product peak
     * @param eagerMfu PyTorch eager's share
     * @param difference largest relative difference of the checked losses
     */
    private record Outcome(
            Row row,
            double ours,
            double eager,
            double compiled,
            long ourMemory,
            long eagerMemory,
            double mfu,
            double eagerMfu,
            double difference) {
        double eagerRatio() {
            return ours / eager;
        }

        double compileRatio() {
            return ours / compiled;
        }

        double memoryRatio() {
            return (double) ourMemory / eagerMemory;
        }

        /** Ratio of the trainer's total memory to PyTorch's memory beyond an idle process with torch imported. */
        double memoryRatioWithoutIdle(long idle) {
            return (double) ourMemory / (eagerMemory - idle);
        }
    }

    private final boolean quick;
    private final boolean compile;
    private final Path home;

    private CpuTraining(boolean quick, boolean compile, Path home) {
        this.quick = quick;
        this.compile = compile;
        this.home = home;
    }

    /** Arguments: {@code --quick} or {@code --all}, and {@code --no-compile}. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> options = List.of(arguments);
        boolean quick = options.contains("--quick");
        List<Row> rows = options.contains("--all") ? Row.all() : quick ? Row.quick() : Row.chosen();
        String named = System.getenv("ROOTSTOCK_HOME");
        Path home = named == null || named.isBlank()
                ? Path.of(System.getProperty("user.home"), ".rootstock")
                : Path.of(named).toAbsolutePath();
        new CpuTraining(quick, !options.contains("--no-compile"), home).run(rows);
    }

    private void run(List<Row> rows) throws IOException, InterruptedException {
        PyTorchPeer.Idle idle = PyTorchPeer.idle();
        String processor = Machine.here().name();
        System.out.printf("""
                on %s, against %s
                each side is a process of its own, alternated; the fastest step counts; "difference" is the largest relative
                difference of the losses; MFU is the share of the gemm peak measured here; "net" is all of our memory beside
                what PyTorch takes on top of an idle process with torch imported (%d MiB)
                """, processor, idle.library(), idle.peakMemory() >> 20);
        System.out.printf(
                "  %-6s %6s %-9s %7s %-15s %9s %9s %6s %9s %6s %7s %7s %6s %6s %6s %6s %10s%n",
                "model",
                "length",
                "precision",
                "threads",
                "work",
                "tokens/s",
                "eager",
                "ratio",
                "compiled",
                "ratio",
                "MiB",
                "eager",
                "ratio",
                "net",
                "MFU",
                "eager",
                "difference");
        List<Outcome> outcomes = new ArrayList<>();
        for (Row row : rows) {
            Outcome outcome = measure(row);
            outcomes.add(outcome);
            System.out.printf(
                    Locale.ROOT,
                    "  %-6s %6d %-9s %7d %-15s %9.0f %9.0f %6.2f %9.0f %6.2f %7d %7d %6.2f %6.2f %6.2f %6.2f %10.1e%n",
                    row.size().words,
                    row.length(),
                    row.precision().name().toLowerCase(Locale.ROOT),
                    row.threads(),
                    row.work().words,
                    outcome.ours(),
                    outcome.eager(),
                    outcome.eagerRatio(),
                    outcome.compiled(),
                    outcome.compileRatio(),
                    outcome.ourMemory() >> 20,
                    outcome.eagerMemory() >> 20,
                    outcome.memoryRatio(),
                    outcome.memoryRatioWithoutIdle(idle.peakMemory()),
                    outcome.mfu(),
                    outcome.eagerMfu(),
                    outcome.difference());
        }
        techniques();
        System.out.println("processor=" + processor);
        System.out.println("peer=" + idle.library());
        Figures.print("f32_ratio", worst(outcomes, Precision.FLOAT32, Outcome::eagerRatio));
        Figures.print("f32_compile_ratio", worst(outcomes, Precision.FLOAT32, Outcome::compileRatio));
        Figures.print("bf16_ratio", worst(outcomes, Precision.BFLOAT16, Outcome::eagerRatio));
        Figures.print("bf16_compile_ratio", worst(outcomes, Precision.BFLOAT16, Outcome::compileRatio));
        Figures.print("memory_ratio", largest(outcomes, Outcome::memoryRatio));
        Figures.print(
                "memory_ratio_without_idle", largest(outcomes, row -> row.memoryRatioWithoutIdle(idle.peakMemory())));
        Figures.print("mfu", outcomes.stream().mapToDouble(Outcome::mfu).min().orElseThrow());
    }

    private Outcome measure(Row row) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("cpu-training");
        // compilation takes longer than a complete quick row: with --quick only pre-training is compiled
        boolean wanted = compile && (!quick || row.work() == Work.PRETRAIN);
        try (Side ours = ours(row, folder, Execution.of(row.precision(), row.threads()));
                Side eager = PyTorchPeer.start(folder, "cpu", PyTorchPeer.Mode.EAGER, row.threads());
                Side compiled =
                        wanted ? PyTorchPeer.start(folder, "cpu", PyTorchPeer.Mode.COMPILE, row.threads()) : null) {
            List<Side.Step> checked = ours.run(CHECKED_STEPS);
            List<Side> sides = new ArrayList<>(List.of(ours, eager));
            double difference = Side.lossDifference(row, checked, eager.run(CHECKED_STEPS));
            boolean compiles = compiled != null && compiles(compiled);
            if (compiles) {
                difference = Math.max(difference, Side.lossDifference(row, checked, compiled.steps()));
                sides.add(compiled);
            }
            alternate(sides);
            double peak = GemmPeak.flopsPerSecond(row.precision(), row.threads());
            return new Outcome(
                    row,
                    row.tokens() / ours.fastest(),
                    row.tokens() / eager.fastest(),
                    compiles ? row.tokens() / compiled.fastest() : Double.NaN,
                    ours.peakMemory(),
                    eager.peakMemory(),
                    ours.flops() / ours.fastest() / peak,
                    ours.flops() / eager.fastest() / peak,
                    difference);
        } finally {
            FileTree.delete(folder);
        }
    }

    private void alternate(List<Side> sides) throws IOException, InterruptedException {
        List<SideBySide.Turn<List<Side.Step>>> turns = new ArrayList<>();
        for (Side side : sides) {
            turns.add(() -> side.run(turn(side)));
        }
        SideBySide.run(0, quick ? 1 : ROUNDS, turns);
    }

    /** Runs the checked steps, in which torch.compile compiles; false if that fails or takes too long. */
    private static boolean compiles(Side compiled) {
        try {
            compiled.run(CHECKED_STEPS);
            return true;
        } catch (IOException e) {
            System.out.println("skipped: " + e.getMessage());
            return false;
        }
    }

    /** Measures the ladder, which adds one technique after the other. */
    private void techniques() throws IOException, InterruptedException {
        System.out.println("each technique added to those above it: the small model, pre-training, 256 tokens a row");
        System.out.printf("  %-42s %9s %9s%n", "technique", "tokens/s", "MiB");
        for (Rung rung : Rung.ladder()) {
            Path folder = Files.createTempDirectory("cpu-training");
            try (Side ours = ours(rung.row(), folder, rung.execution())) {
                ours.run(CHECKED_STEPS);
                alternate(List.of(ours));
                System.out.printf(
                        Locale.ROOT,
                        "  %-42s %9.0f %9d%n",
                        rung.words(),
                        rung.row().tokens() / ours.fastest(),
                        ours.peakMemory() >> 20);
            } finally {
                FileTree.delete(folder);
            }
        }
    }

    private Side ours(Row row, Path folder, Execution execution) throws IOException {
        ProcessBuilder builder = new JavaWorkerLauncher(home, folder, "512m", List.of(), MpiLauncher.HYDRA)
                .builder(OurSide.program(row, folder, execution));
        return new Side("our side", builder);
    }

    /** Number of steps in a turn. */
    private int turn(Side side) {
        double steps = (quick ? 1 : SECONDS_PER_TURN) / side.fastest();
        return Math.clamp(Math.round(steps), 1, MAX_STEPS_PER_TURN);
    }

    /** Returns the smallest ratio of all rows. */
    private static double worst(List<Outcome> outcomes, Precision precision, ToDoubleFunction<Outcome> ratio) {
        return outcomes.stream()
                .filter(outcome -> outcome.row().precision() == precision)
                .mapToDouble(ratio)
                .filter(Double::isFinite)
                .min()
                .orElse(Double.NaN);
    }

    private static double largest(List<Outcome> outcomes, ToDoubleFunction<Outcome> ratio) {
        return outcomes.stream().mapToDouble(ratio).max().orElseThrow();
    }
}
