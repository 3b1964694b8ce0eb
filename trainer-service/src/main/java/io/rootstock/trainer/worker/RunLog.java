package io.rootstock.trainer.worker;

import static java.util.Map.entry;

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
 * Writes a worker's events and TensorBoard metrics. If the disk is full, progress events are dropped and all other
 * events are written later, so that a full disk does not end the training.
 */
final class RunLog implements AutoCloseable {
    private final EventLog events;
    private final Path figuresFolder;
    private final Deque<RunEvent.Builder> pending = new ArrayDeque<>();
    private TensorBoardLog figures;

    /**
     * Creates the log.
     *
     * @param figuresFolder directory of TensorBoard's files
     */
    RunLog(EventLog events, Path figuresFolder) {
        this.events = events;
        this.figuresFolder = figuresFolder;
    }

    void message(String text) {
        report(RunEvent.newBuilder().setMessage(RunMessage.newBuilder().setText(text)));
    }

    /** Writes the resolved settings; must be called once, before any metrics. */
    void resolved(RunResolved resolved, long startStep) {
        figures = TensorBoardLog.open(figuresFolder, startStep);
        report(RunEvent.newBuilder().setResolved(resolved.toBuilder().setStartStep(startStep)));
    }

    void progress(RunProgress progress) {
        figures.scalars(
                progress.getStep(),
                Map.ofEntries(
                        entry("training/loss", progress.getLoss()),
                        entry("training/learning_rate", progress.getLearningRate()),
                        entry("training/gradient_norm", progress.getGradientNorm()),
                        entry("training/tokens", (double) progress.getTokens()),
                        entry("training/skipped_steps", (double) progress.getSkippedSteps()),
                        entry("speed/tokens_per_second", progress.getTokensPerSecond()),
                        entry("speed/model_flops_utilization", progress.getModelFlopsUtilization()),
                        entry("speed/eta_seconds", progress.getEtaSeconds()),
                        entry("speed/padded_share", progress.getPaddedShare()),
                        entry("cost/dollars_spent", progress.getDollarsSpent()),
                        entry("cost/dollars_remaining", progress.getDollarsRemaining())));
        Map<String, Double> sources = new TreeMap<>();
        progress.getSourceTokensMap().forEach((name, tokens) -> sources.put("source_tokens/" + name, (double) tokens));
        if (!sources.isEmpty()) {
            figures.scalars(progress.getStep(), sources);
        }
        report(RunEvent.newBuilder().setProgress(progress));
    }

    void evaluation(long step, String split, Evaluation evaluation, Map<String, Double> more) {
        Map<String, Double> metrics = new TreeMap<>(evaluation.metrics());
        metrics.putAll(more);
        figures.scalars(step, figures(split, evaluation, metrics));
        report(step, split, evaluation, metrics);
    }

    /** Writes an earlier evaluation again with additional metrics; only these are added to TensorBoard. */
    void completed(
            long step, String split, Evaluation evaluation, Map<String, Double> before, Map<String, Double> more) {
        Map<String, Double> metrics = new TreeMap<>(evaluation.metrics());
        metrics.putAll(before);
        metrics.putAll(more);
        Map<String, Double> added = new TreeMap<>();
        more.forEach((name, value) -> added.put(split + "/" + name, value));
        figures.scalars(step, added);
        report(step, split, evaluation, metrics);
    }

    private void report(long step, String split, Evaluation evaluation, Map<String, Double> metrics) {
        RunEvaluation.Builder event = RunEvaluation.newBuilder()
                .setStep(step)
                .setSplit(split)
                .setLoss(evaluation.loss())
                .setBitsPerByte(evaluation.bitsPerByte())
                .putAllMetrics(metrics);
        evaluation.report().ifPresent(event::setClassification);
        report(RunEvent.newBuilder().setEvaluation(event));
    }

    void usage(RunUsage usage) {
        report(RunEvent.newBuilder().setUsage(usage));
    }

    void sample(RunSample sample) {
        figures.text(sample.getStep(), "sample/" + sample.getPrompt(), sample.getText());
        report(RunEvent.newBuilder().setSample(sample));
    }

    void export(RunExport progress) {
        report(RunEvent.newBuilder().setExport(progress));
    }

    void checkpoint(long step, long bytes, boolean best) {
        report(RunEvent.newBuilder()
                .setCheckpoint(
                        RunCheckpoint.newBuilder().setStep(step).setBytes(bytes).setBest(best)));
    }

    /** Writes all pending events and the artifacts; returns only after they are durable on disk. */
    synchronized void artifacts(List<Artifact> artifacts) {
        writePending();
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

    private synchronized void report(RunEvent.Builder event) {
        pending.add(event);
        try {
            writePending();
        } catch (UncheckedIOException e) {
            System.err.println("cannot write an event, it is written later: " + e);
            pending.removeIf(waiting -> waiting.hasProgress() || waiting.hasExport());
        }
    }

    private void writePending() {
        while (!pending.isEmpty()) {
            RunEvent.Builder event = pending.getFirst();
            if (event.hasCheckpoint()) {
                events.appendDurably(event);
            } else {
                events.append(event);
            }
            pending.removeFirst();
        }
    }
}
