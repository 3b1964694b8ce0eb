package io.rootstock.bench;

import io.rootstock.artifacts.Digest;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.files.FileTree;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.RunEvaluation;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunProgress;
import io.rootstock.trainer.v1.RunResolved;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Measures the loss of a model trained on Shakespeare for three minutes on this machine's cores.
 *
 * <p>Nats per character are the cross-entropy of the complete held-out text, end token included, divided by its
 * characters, so that they are comparable across vocabularies. The budget covers the complete worker process: loading,
 * training, final evaluation and export.
 */
public final class TinyShakespeare {
    private static final double BUDGET_SECONDS = 180.0;
    /** Time of the worker outside of training: start, evaluations and export. */
    private static final double OVERHEAD_SECONDS = 15.0;

    private static final double TRAIN_SHARE = 0.9;
    private static final double PUBLISHED = 1.88;

    private static final int VOCABULARY = 384;
    private static final Architecture SHAPE = Architecture.newBuilder()
            .setDepth(4)
            .setDimension(192)
            .setHeads(6)
            .setContextLength(256)
            .build();
    private static final Hyperparameters VALUES = Hyperparameters.newBuilder()
            .setSeconds(BUDGET_SECONDS - OVERHEAD_SECONDS)
            .setValidationInterval(0)
            .setCheckpointInterval(1_000_000)
            .setBatchRows(8)
            .setLearningRate(4e-3)
            .setWeightDecay(0.1)
            .setDecayFraction(0.5)
            .build();

    private TinyShakespeare() {}

    /** Trains; prints a table and the figures. */
    public static void main(String[] arguments) throws Exception {
        measure(VOCABULARY, SHAPE, VALUES);
    }

    static double measure(int vocabulary, Architecture shape, Hyperparameters values) throws Exception {
        String text = Files.readString(BenchmarkData.file("tinyshakespeare.txt"));
        int border = (int) (text.length() * TRAIN_SHARE);
        String train = text.substring(0, border);
        String validation = text.substring(border);
        Tokenizer tokenizer = TextRun.tokenizer(train, vocabulary);
        Path home = Files.createTempDirectory("tinyshakespeare");
        try {
            TextRun run = new TextRun(home);
            Digest dataset = run.dataset(tokenizer, train, validation);
            RunSpec spec = RunSpec.newBuilder()
                    .setTask(Task.TASK_PRETRAIN)
                    .setDatasetDigest(dataset.value())
                    .setArchitecture(shape)
                    .setHyperparameters(values)
                    .build();
            long start = System.nanoTime();
            List<RunEvent> events = run.train("shakespeare", spec, TinyShakespeare::tell);
            double seconds = (System.nanoTime() - start) / 1e9;
            return report(events, seconds, train.length(), validation.length(), tokenizer.size());
        } finally {
            FileTree.delete(home);
        }
    }

    private static void tell(RunEvent event) {
        if (event.hasProgress() && event.getProgress().getStep() % 10 == 0) {
            RunProgress progress = event.getProgress();
            System.err.printf(
                    Locale.ROOT,
                    "\rstep %d of about %d, loss %.3f, %.0f tokens/s, MFU %.2f, %.0f s left   ",
                    progress.getStep(),
                    progress.getTotalSteps(),
                    progress.getLoss(),
                    progress.getTokensPerSecond(),
                    progress.getModelFlopsUtilization(),
                    progress.getEtaSeconds());
        }
    }

    private static double report(List<RunEvent> events, double seconds, int train, int validation, int vocabulary) {
        RunResolved resolved = events.stream()
                .filter(RunEvent::hasResolved)
                .map(RunEvent::getResolved)
                .findFirst()
                .orElseThrow();
        RunProgress progress = events.stream()
                .filter(RunEvent::hasProgress)
                .map(RunEvent::getProgress)
                .reduce((first, second) -> second)
                .orElseThrow();
        RunEvaluation evaluation = events.stream()
                .filter(RunEvent::hasEvaluation)
                .map(RunEvent::getEvaluation)
                .reduce((first, second) -> second)
                .orElseThrow();
        double nats = evaluation.getMetricsOrThrow("nats_per_character");
        System.err.println();
        line(
                "device",
                resolved.getDevice() + ", " + resolved.getHyperparameters().getPrecision());
        line("characters, train and validation", train + " and " + validation);
        line("vocabulary", vocabulary);
        line("parameters", resolved.getEstimate().getParameters());
        line("steps", progress.getStep());
        line("tokens trained on", progress.getTokens());
        line("last training loss, nats per token", progress.getLoss());
        line("validation loss, nats per token", evaluation.getLoss());
        line("validation, bits per byte", evaluation.getBitsPerByte());
        line("validation, nats per character", nats);
        line("published for a small CPU run (nanoGPT)", PUBLISHED);
        line("seconds, start to end of the worker", seconds);
        System.out.printf(Locale.ROOT, "nats_per_character=%.4f%nseconds=%.1f%n", nats, seconds);
        return nats;
    }

    private static void line(String name, Object value) {
        String shown = value instanceof Double number ? String.format(Locale.ROOT, "%.4f", number) : value.toString();
        System.out.printf(Locale.ROOT, "%-42s %s%n", name, shown);
    }
}
