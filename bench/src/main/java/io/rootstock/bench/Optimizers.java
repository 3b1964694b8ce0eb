package io.rootstock.bench;

import io.rootstock.artifacts.Digest;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.files.FileTree;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Optimizer;
import io.rootstock.trainer.v1.RunEvaluation;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Measures the number of tokens that Muon (for the layers' matrices; AdamW for the rest) needs to reach the final loss
 * of AdamW: on tinyshakespeare and on the books, with identical model, batches, seed and schedule.
 *
 * <p>Both learning rates are tuned by one procedure: complete runs at rates a factor of 2.5 apart, until the best final
 * validation loss lies between two worse ones. Then Muon, at its rate, gets complete runs (warm-up and decay included)
 * over increasing shares of AdamW's tokens; the tokens are interpolated between the two runs whose final losses enclose
 * AdamW's.
 */
public final class Optimizers {
    private static final int VOCABULARY = 384;
    private static final double TRAIN_SHARE = 0.9;
    /** One tenth of the books is for validation; 50,000 characters of it are enough for stable losses. */
    private static final int BOOKS_VALIDATION = 50_000;

    private static final int CONTEXT = 128;
    private static final int BATCH_ROWS = 16;
    private static final int STEPS = 256;
    private static final int EVALUATIONS = 8;
    /** First learning rate of both optimizers' search, and the factor between rates. */
    private static final double FIRST_RATE = 5e-3;

    private static final double RATE_FACTOR = 2.5;

    private static final List<Double> SHARES = List.of(0.4, 0.55, 0.7, 0.85);
    private static final Architecture SHAPE = Architecture.newBuilder()
            .setDepth(4)
            .setDimension(128)
            .setContextLength(CONTEXT)
            .build();

    private final TextRun runs;
    private final Digest dataset;

    private Optimizers(TextRun runs, Digest dataset) {
        this.runs = runs;
        this.dataset = dataset;
    }

    /**
     * A complete run.
     *
     * @param share share of AdamW's steps
     * @param curve validation losses in nats per token, evenly spaced; the last is of the complete split
     */
    private record Run(Optimizer optimizer, double learningRate, double share, List<Double> curve, double seconds) {
        double loss() {
            return curve.getLast();
        }
    }

    /** Trains; prints tables and the figures. */
    public static void main(String[] arguments) throws Exception {
        String shakespeare = Files.readString(BenchmarkData.file("tinyshakespeare.txt"));
        int border = (int) (shakespeare.length() * TRAIN_SHARE);
        double first = ratio("tinyshakespeare", shakespeare.substring(0, border), shakespeare.substring(border));
        StringBuilder train = new StringBuilder();
        StringBuilder validation = new StringBuilder();
        for (String book : List.of("war-and-peace", "moby-dick", "sherlock-holmes")) {
            String text = Files.readString(BenchmarkData.file("books/" + book + ".txt"));
            int start = text.length() / 2;
            train.append(text, 0, start).append(text, start + BOOKS_VALIDATION / 3, text.length());
            validation.append(text, start, start + BOOKS_VALIDATION / 3);
        }
        double second = ratio("books", train.toString(), validation.toString());
        System.out.printf(
                Locale.ROOT, "muon_tokens_ratio_tinyshakespeare=%.3f%nmuon_tokens_ratio_books=%.3f%n", first, second);
    }

    private static double ratio(String name, String train, String validation) throws Exception {
        Tokenizer tokenizer = TextRun.tokenizer(train, VOCABULARY);
        Path home = Files.createTempDirectory("optimizers");
        try {
            TextRun runs = new TextRun(home);
            Optimizers report = new Optimizers(runs, runs.dataset(tokenizer, train, validation));
            System.out.printf(
                    "%n%s: %d steps of %d tokens; validation loss, nats per token, by share of the run%n",
                    name, STEPS, CONTEXT * BATCH_ROWS);
            System.out.printf("%-8s %8s %8s  %s%n", "", "rate", "tokens", header());
            Run adamW = report.tuned(Optimizer.OPTIMIZER_ADAMW);
            Run muon = report.tuned(Optimizer.OPTIMIZER_MUON);
            double ratio = report.tokensToReach(adamW.loss(), muon);
            System.out.printf(
                    Locale.ROOT,
                    "AdamW ends at %.4f, Muon at %.4f; Muon ends at AdamW's loss with %.3f of its tokens%n",
                    adamW.loss(),
                    muon.loss(),
                    ratio);
            return ratio;
        } finally {
            FileTree.delete(home);
        }
    }

    /** Returns the run at the best learning rate: searches towards lower losses until both neighbours are worse. */
    private Run tuned(Optimizer optimizer) throws IOException, InterruptedException {
        Map<Integer, Run> byPower = new HashMap<>();
        byPower.put(0, run(optimizer, FIRST_RATE, 1));
        int best = 0;
        while (true) {
            int middle = best;
            for (int power = middle - 1; power <= middle + 1; power++) {
                if (!byPower.containsKey(power)) {
                    byPower.put(power, run(optimizer, FIRST_RATE * Math.pow(RATE_FACTOR, power), 1));
                }
                if (byPower.get(power).loss() < byPower.get(best).loss()) {
                    best = power;
                }
            }
            if (best == middle) {
                return byPower.get(best);
            }
        }
    }

    /** Interpolates between complete runs; above 1 if Muon's longest run does not reach the loss. */
    private double tokensToReach(double loss, Run whole) throws IOException, InterruptedException {
        double share = 0;
        double above = Double.NaN;
        for (double next : SHARES) {
            Run run = run(Optimizer.OPTIMIZER_MUON, whole.learningRate(), next);
            if (run.loss() <= loss) {
                return between(share, above, next, run.loss(), loss);
            }
            share = next;
            above = run.loss();
        }
        return between(share, above, 1, whole.loss(), loss);
    }

    /**
     * Returns the share at which the line through two runs' losses reaches a loss; extrapolates beyond the second run.
     */
    private static double between(double share, double above, double next, double below, double loss) {
        return share == 0 ? next : share + (next - share) * (above - loss) / (above - below);
    }

    private Run run(Optimizer optimizer, double rate, double share) throws IOException, InterruptedException {
        int steps = (int) (STEPS * share);
        Hyperparameters values = Hyperparameters.newBuilder()
                .setOptimizer(optimizer)
                .setLearningRate(rate)
                .setTokens((long) steps * BATCH_ROWS * CONTEXT)
                .setBatchRows(BATCH_ROWS)
                .setValidationInterval(steps / EVALUATIONS)
                .setCheckpointInterval(1_000_000)
                .setSeed(1)
                .build();
        RunSpec spec = RunSpec.newBuilder()
                .setTask(Task.TASK_PRETRAIN)
                .setDatasetDigest(dataset.value())
                .setArchitecture(SHAPE)
                .setHyperparameters(values)
                .build();
        String name = optimizer.name().substring("OPTIMIZER_".length());
        long start = System.nanoTime();
        List<RunEvent> events = runs.train(name + "-" + rate + "-" + share, spec, event -> {});
        double seconds = (System.nanoTime() - start) / 1e9;
        List<Double> curve = events.stream()
                .filter(RunEvent::hasEvaluation)
                .map(RunEvent::getEvaluation)
                .filter(evaluation -> evaluation.getStep() > 0)
                .map(RunEvaluation::getLoss)
                .toList();
        Run run = new Run(optimizer, rate, share, curve, seconds);
        System.out.printf(
                Locale.ROOT,
                "%-8s %8.5f %8d  %s %6.0f%n",
                name,
                rate,
                steps * BATCH_ROWS * CONTEXT,
                curve.stream()
                        .map(loss -> String.format(Locale.ROOT, "%6.3f", loss))
                        .collect(Collectors.joining(" ")),
                seconds);
        return run;
    }

    private static String header() {
        StringBuilder header = new StringBuilder();
        for (int evaluation = 1; evaluation <= EVALUATIONS; evaluation++) {
            header.append(String.format(Locale.ROOT, "%6.3f ", (double) evaluation / EVALUATIONS));
        }
        return header + "seconds";
    }
}
