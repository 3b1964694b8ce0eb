package io.rootstock.bench.training;

import io.rootstock.bench.rounds.Figures;
import io.rootstock.bench.rounds.SideBySide;
import io.rootstock.collectives.MpiLauncher;
import io.rootstock.files.FileTree;
import io.rootstock.trainer.run.JavaWorkerLauncher;
import io.rootstock.trainer.v1.Precision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Compares fine-tuning a base of SmolLM2-135M's shape with transformers + PEFT, alternating: equal weights and rows;
 * first the losses must agree, then tokens per CPU second and peak memory are measured. Padding tokens are not counted.
 */
public final class BaseTraining {
    private static final int CHECKED_STEPS = 2;
    private static final double FLOAT32_TOLERANCE = 2e-4;
    private static final double BFLOAT16_TOLERANCE = 1e-2;

    private static final int ROUNDS = 2;
    private static final int ROWS = 16;
    private static final int QUICK_ROWS = 4;
    private static final List<String> ATTENTIONS = List.of("sdpa", "eager");

    private final Path home;
    private final String python;
    private final String gguf;
    private final int rounds;

    /**
     * Result of a row.
     *
     * @param ours the trainer's tokens per CPU second
     * @param theirs the peer's tokens per CPU second
     * @param ourMemory the trainer's peak memory in bytes
     * @param theirMemory the peer's peak memory in bytes
     * @param idle resident bytes of a Python process that only imported the libraries
     * @param wallRatio the trainer's tokens per second divided by the peer's
     */
    private record Outcome(double ours, double theirs, long ourMemory, long theirMemory, long idle, double wallRatio) {
        double cpuRatio() {
            return ours / theirs;
        }

        double memoryRatio() {
            return (double) ourMemory / (theirMemory - idle);
        }
    }

    private BaseTraining(Path home, String python, String gguf, int rounds) {
        this.home = home;
        this.python = python;
        this.gguf = gguf;
        this.rounds = rounds;
    }

    /** Arguments: the peers' Python interpreter, SmolLM2's GGUF file; optionally {@code --quick} or selected rows. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> options = List.of(arguments).subList(2, arguments.length);
        boolean quick = options.contains("--quick");
        String named = System.getenv("ROOTSTOCK_HOME");
        Path home = named == null || named.isBlank()
                ? Path.of(System.getProperty("user.home"), ".rootstock")
                : Path.of(named).toAbsolutePath();
        List<BaseCase> rows = BaseCase.all(quick ? QUICK_ROWS : ROWS).stream()
                .filter(row -> quick
                        ? row.precision() == Precision.PRECISION_BFLOAT16
                        : options.isEmpty() || options.contains(option(row)))
                .toList();
        new BaseTraining(home, arguments[0], arguments[1], quick ? 1 : ROUNDS).run(rows);
    }

    private static String option(BaseCase row) {
        return row.weights() == BaseCase.Weights.QUANTIZED ? "--quantized" : "--" + row.precisionWords();
    }

    private void run(List<BaseCase> rows) throws IOException, InterruptedException {
        System.out.printf("""
                a base of SmolLM2-135M's shape, %d threads; ours and transformers + PEFT in turns; the fastest step counts
                memory: the peak of each process; its ratio is to the peer's without the libraries that it imports
                """, BaseCase.THREADS);
        System.out.printf(
                "  %-9s %-9s %5s %12s %12s %6s %6s %9s %9s %9s %6s %-6s%n",
                "method",
                "precision",
                "rows",
                "tokens/CPUs",
                "peer",
                "ratio",
                "wall",
                "MiB",
                "peer",
                "idle",
                "ratio",
                "peer's");
        long idle = idle();
        double cpu = Double.MAX_VALUE;
        double memory = 0;
        for (BaseCase row : rows) {
            Outcome outcome = measure(row, idle);
            cpu = Math.min(cpu, outcome.cpuRatio());
            memory = Math.max(memory, outcome.memoryRatio());
        }
        Figures.print("cpu_ratio", cpu);
        Figures.print("memory_ratio", memory);
    }

    private Outcome measure(BaseCase row, long idle) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("base-training");
        String best = "";
        Outcome outcome = null;
        if (row.weights() == BaseCase.Weights.QUANTIZED) {
            writeDequantized(row, folder);
        }
        try (Side ours = new Side("our side", ours(row, folder))) {
            ours.run(CHECKED_STEPS);
            for (String attention : ATTENTIONS) {
                try (Side theirs = new Side("transformers", theirs(folder, attention))) {
                    check(row, ours.steps(), theirs.run(CHECKED_STEPS));
                    SideBySide.run(0, rounds, List.of(() -> ours.run(1), () -> theirs.run(1)));
                    Outcome found = outcome(row, ours, theirs, idle);
                    if (outcome == null || found.theirs() > outcome.theirs()) {
                        outcome = found;
                        best = attention;
                    }
                }
            }
            print(row, outcome, best);
            return outcome;
        } finally {
            FileTree.delete(folder);
        }
    }

    private static Outcome outcome(BaseCase row, Side ours, Side theirs, long idle) throws IOException {
        List<Long> tokens =
                BaseRows.steps(row.rows(), 2).stream().map(BaseRows::tokens).toList();
        return new Outcome(
                fastest(tokens, ours.steps(), true),
                fastest(tokens, theirs.steps(), true),
                ours.peakMemory(),
                theirs.peakMemory(),
                idle,
                fastest(tokens, ours.steps(), false) / fastest(tokens, theirs.steps(), false));
    }

    /** Returns the maximum tokens per second of a step, by CPU time or wall-clock time. */
    private static double fastest(List<Long> tokens, List<Side.Step> steps, boolean cpu) {
        double most = 0;
        for (int step = 0; step < steps.size(); step++) {
            Side.Step one = steps.get(step);
            most = Math.max(most, tokens.get(step % tokens.size()) / (cpu ? one.cpuSeconds() : one.seconds()));
        }
        return most;
    }

    private static void check(BaseCase row, List<Side.Step> ours, List<Side.Step> theirs) {
        double tolerance = row.precision() == Precision.PRECISION_BFLOAT16 ? BFLOAT16_TOLERANCE : FLOAT32_TOLERANCE;
        for (int step = 0; step < CHECKED_STEPS; step++) {
            double loss = theirs.get(step).loss();
            if (!(Math.abs(ours.get(step).loss() - loss) <= tolerance * loss)) {
                throw new IllegalStateException("the losses of " + row.text() + " differ by more than " + tolerance
                        + ": " + ours.get(step).loss() + " and " + loss + " at step " + step);
            }
        }
    }

    private static void print(BaseCase row, Outcome outcome, String attention) {
        System.out.printf(
                Locale.ROOT,
                "  %-9s %-9s %5d %12.1f %12.1f %6.2f %6.2f %9d %9d %9d %6.2f %-6s%n",
                row.methodWords(),
                row.precisionWords(),
                row.rows(),
                outcome.ours(),
                outcome.theirs(),
                outcome.cpuRatio(),
                outcome.wallRatio(),
                outcome.ourMemory() >> 20,
                outcome.theirMemory() >> 20,
                outcome.idle() >> 20,
                outcome.memoryRatio(),
                attention);
    }

    /** Writes the float weights for the peer in a separate process, so that the measured process never holds them. */
    private void writeDequantized(BaseCase row, Path folder) throws IOException {
        new Side("our side", ours(row.with(BaseCase.Weights.DEQUANTIZED), folder)).close();
    }

    private ProcessBuilder ours(BaseCase row, Path folder) {
        return new JavaWorkerLauncher(home, folder, "512m", List.of(), MpiLauncher.HYDRA)
                .builder(List.of(BaseSide.class.getName(), row.text(), folder.toString(), gguf));
    }

    private ProcessBuilder theirs(Path folder, String attention) {
        return peer(folder.toString(), attention);
    }

    private ProcessBuilder peer(String... arguments) {
        List<String> command = new ArrayList<>(List.of(python, "bench/training/base_peft.py"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("OMP_NUM_THREADS", Integer.toString(BaseCase.THREADS));
        builder.environment().put("HF_HUB_OFFLINE", "1");
        return builder;
    }

    /** Measures the resident bytes of a process that imported the peer's libraries. */
    private long idle() throws IOException {
        Process process =
                peer("idle").redirectError(ProcessBuilder.Redirect.INHERIT).start();
        for (String line : new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                .lines()
                .toList()) {
            if (line.startsWith("idle ")) {
                return Long.parseLong(line.substring("idle ".length()));
            }
        }
        throw new IOException("transformers and peft could not be imported by " + python);
    }
}
