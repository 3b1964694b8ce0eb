package io.rootstock.bench.training;

import com.google.protobuf.util.Timestamps;
import io.rootstock.artifacts.Digest;
import io.rootstock.bench.BenchmarkData;
import io.rootstock.bench.TextRun;
import io.rootstock.bench.rounds.Samples;
import io.rootstock.bench.rounds.SideBySide;
import io.rootstock.files.FileTree;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * Measures the cost of checkpoints: pre-training with checkpoints as they are written by default, and without,
 * alternating. Times are from the first to the last progress report of a worker, so that start and export do
 * not count.
 */
public final class CheckpointCost {
    private static final int VOCABULARY = 4096;
    private static final int CONTEXT = 256;
    private static final int BATCH_ROWS = 8;
    private static final OptionalInt BY_DEFAULT = OptionalInt.empty();
    private static final OptionalInt NEVER = OptionalInt.of(1_000_000);
    private static final int ROUNDS = 2;
    private static final double TRAIN_SHARE = 0.9;

    private final TextRun runs;
    private final Digest dataset;
    private int runCount;

    private CheckpointCost(TextRun runs, Digest dataset) {
        this.runs = runs;
        this.dataset = dataset;
    }

    /** Prints a table and the figure of the worst row. */
    public static void main(String[] arguments) throws Exception {
        String text = Files.readString(BenchmarkData.file("tinyshakespeare.txt"));
        int border = (int) (text.length() * TRAIN_SHARE);
        Path home = Files.createTempDirectory("checkpoint-cost");
        try {
            TextRun runs = new TextRun(home);
            Digest dataset = runs.dataset(
                    TextRun.tokenizer(text, VOCABULARY), text.substring(0, border), text.substring(border));
            CheckpointCost report = new CheckpointCost(runs, dataset);
            System.out.printf(
                    "%6s %6s %6s %18s %18s %9s%n",
                    "width", "layers", "steps", "tokens/s, without", "by default", "slowdown");
            double small = report.slowdown(4, 256, 300);
            double large = report.slowdown(8, 512, 220);
            System.out.printf(Locale.ROOT, "checkpoint_slowdown=%.4f%n", Math.max(small, large));
        } finally {
            FileTree.delete(home);
        }
    }

    private double slowdown(int layers, int width, int steps) throws IOException, InterruptedException {
        List<Samples<Double>> speeds = SideBySide.run(
                0,
                ROUNDS,
                List.of(
                        () -> tokensPerSecond(layers, width, steps, NEVER),
                        () -> tokensPerSecond(layers, width, steps, BY_DEFAULT)));
        double without = speeds.getFirst().largest(Double::doubleValue);
        double with = speeds.getLast().largest(Double::doubleValue);
        double slowdown = without / with - 1;
        System.out.printf(
                Locale.ROOT, "%6d %6d %6d %18.0f %18.0f %9.4f%n", width, layers, steps, without, with, slowdown);
        return slowdown;
    }

    private double tokensPerSecond(int layers, int width, int steps, OptionalInt interval)
            throws IOException, InterruptedException {
        Hyperparameters.Builder hyperparameters = Hyperparameters.newBuilder()
                .setTokens((long) steps * BATCH_ROWS * CONTEXT)
                .setBatchRows(BATCH_ROWS)
                .setValidationInterval(0)
                .setSeed(1);
        interval.ifPresent(hyperparameters::setCheckpointInterval);
        RunSpec spec = RunSpec.newBuilder()
                .setTask(Task.TASK_PRETRAIN)
                .setDatasetDigest(dataset.value())
                .setArchitecture(Architecture.newBuilder()
                        .setDepth(layers)
                        .setDimension(width)
                        .setContextLength(CONTEXT))
                .setHyperparameters(hyperparameters)
                .build();
        List<RunEvent> told = runs.train("run-" + runCount++, spec, event -> {}).stream()
                .filter(RunEvent::hasProgress)
                .toList();
        RunEvent first = told.getFirst();
        RunEvent last = told.getLast();
        long tokens = last.getProgress().getTokens() - first.getProgress().getTokens();
        return tokens * 1e3 / (Timestamps.toMillis(last.getTime()) - Timestamps.toMillis(first.getTime()));
    }
}
