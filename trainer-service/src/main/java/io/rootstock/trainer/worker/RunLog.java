package io.rootstock.trainer.worker;

import io.rootstock.trainer.events.EventLog;
import io.rootstock.trainer.events.TensorBoardLog;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.RunArtifacts;
import io.rootstock.trainer.v1.RunCheckpoint;
import io.rootstock.trainer.v1.RunEvaluation;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunExport;
import io.rootstock.trainer.v1.RunMessage;
import io.rootstock.trainer.v1.RunProgress;
import io.rootstock.trainer.v1.RunResolved;
import io.rootstock.trainer.v1.RunSample;
import io.rootstock.trainer.v1.RunUsage;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a worker tells about its run. While the disk takes nothing, progress is forgotten and all else is told later, so
 * that a full disk does not end the training.
 */
final class RunLog implements AutoCloseable {
    private final EventLog events;
    private final Path figuresFolder;
    private final Deque<RunEvent.Builder> untold = new ArrayDeque<>();
    private TensorBoardLog figures;

    /**
     * Begins.
     *
     * @param figuresFolder folder of TensorBoard's files
     */
    RunLog(EventLog events, Path figuresFolder) {
        this.events = events;
        this.figuresFolder = figuresFolder;
    }

    void message(String text) {
        tell(RunEvent.newBuilder().setMessage(RunMessage.newBuilder().setText(text)));
    }

    /** Told once, before any figure. */
    void resolved(RunResolved resolved, long startStep) {
        figures = TensorBoardLog.open(figuresFolder, startStep);
        tell(RunEvent.newBuilder().setResolved(resolved.toBuilder().setStartStep(startStep)));
    }

    void progress(RunProgress progress) {
        figures.scalars(
                progress.getStep(),
                Map.of(
                        "training/loss", progress.getLoss(),
                        "training/learning_rate", progress.getLearningRate(),
                        "training/gradient_norm", progress.getGradientNorm(),
                        "training/skipped_steps", (double) progress.getSkippedSteps(),
                        "speed/tokens_per_second", progress.getTokensPerSecond(),
                        "speed/model_flops_utilization", progress.getModelFlopsUtilization(),
                        "speed/eta_seconds", progress.getEtaSeconds(),
                        "speed/padded_share", progress.getPaddedShare(),
                        "cost/dollars_spent", progress.getDollarsSpent(),
                        "cost/dollars_remaining", progress.getDollarsRemaining()));
        tell(RunEvent.newBuilder().setProgress(progress));
    }

    void evaluation(long step, String split, Evaluation evaluation, Map<String, Double> more) {
        Map<String, Double> metrics = new TreeMap<>(evaluation.metrics());
        metrics.putAll(more);
        figures.scalars(step, figures(split, evaluation, metrics));
        tell(step, split, evaluation, metrics);
    }

    /** An evaluation that was told before, with more metrics; of the figures only these are new. */
    void completed(
            long step, String split, Evaluation evaluation, Map<String, Double> before, Map<String, Double> more) {
        Map<String, Double> metrics = new TreeMap<>(evaluation.metrics());
        metrics.putAll(before);
        metrics.putAll(more);
        Map<String, Double> added = new TreeMap<>();
        more.forEach((name, value) -> added.put(split + "/" + name, value));
        figures.scalars(step, added);
        tell(step, split, evaluation, metrics);
    }

    private void tell(long step, String split, Evaluation evaluation, Map<String, Double> metrics) {
        RunEvaluation.Builder event = RunEvaluation.newBuilder()
                .setStep(step)
                .setSplit(split)
                .setLoss(evaluation.loss())
                .setBitsPerByte(evaluation.bitsPerByte())
                .putAllMetrics(metrics);
        evaluation.report().ifPresent(event::setClassification);
        tell(RunEvent.newBuilder().setEvaluation(event));
    }

    void usage(RunUsage usage) {
        tell(RunEvent.newBuilder().setUsage(usage));
    }

    void sample(RunSample sample) {
        figures.text(sample.getStep(), "sample/" + sample.getPrompt(), sample.getText());
        tell(RunEvent.newBuilder().setSample(sample));
    }

    void export(RunExport progress) {
        tell(RunEvent.newBuilder().setExport(progress));
    }

    void checkpoint(long step, long bytes, boolean best) {
        tell(RunEvent.newBuilder()
                .setCheckpoint(
                        RunCheckpoint.newBuilder().setStep(step).setBytes(bytes).setBest(best)));
    }

    /** Returns only when the event is safely on disk, and everything untold before it. */
    synchronized void artifacts(List<Artifact> artifacts) {
        tellUntold();
        events.appendDurably(
                RunEvent.newBuilder().setArtifacts(RunArtifacts.newBuilder().addAllArtifacts(artifacts)));
    }

    private static Map<String, Double> figures(String split, Evaluation evaluation, Map<String, Double> metrics) {
        Map<String, Double> figures = new TreeMap<>();
        figures.put(split + "/loss", evaluation.loss());
        if (evaluation.bitsPerByte() > 0.0) {
            figures.put(split + "/bits_per_byte", evaluation.bitsPerByte());
        }
        metrics.forEach((name, value) -> figures.put(split + "/" + name, value));
        return figures;
    }

    @Override
    public void close() {
        if (figures != null) {
            figures.close();
        }
    }

    private synchronized void tell(RunEvent.Builder event) {
        untold.add(event);
        try {
            tellUntold();
        } catch (UncheckedIOException e) {
            System.err.println("an event has to wait: " + e);
            untold.removeIf(told -> told.hasProgress() || told.hasExport());
        }
    }

    private void tellUntold() {
        while (!untold.isEmpty()) {
            RunEvent.Builder event = untold.getFirst();
            if (event.hasCheckpoint()) {
                events.appendDurably(event);
            } else {
                events.append(event);
            }
            untold.removeFirst();
        }
    }
}
