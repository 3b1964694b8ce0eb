package io.rootstock.cli.evaluation;

import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Labels;
import io.rootstock.cli.display.Progress;
import io.rootstock.evaluation.v1.EvaluationEvent;
import io.rootstock.evaluation.v1.EvaluationProgress;
import io.rootstock.evaluation.v1.EvaluationState;
import io.rootstock.evaluation.v1.EvaluationStateChanged;
import io.rootstock.evaluation.v1.TaskResult;
import java.util.Optional;

/** Displays the events of an evaluation: a bar for progress, a line for each state and finished task. */
public final class EvaluationDisplay implements AutoCloseable {
    private final Console console;
    private final String label;
    private Progress progress;

    /**
     * @param label label of the progress bar
     */
    public EvaluationDisplay(Console console, String label) {
        this.console = console;
        this.label = label;
    }

    /** Prints one event. */
    public void show(EvaluationEvent event) {
        console.printJson(event);
        switch (event.getEventCase()) {
            case STATE_CHANGED -> line(event.getStateChanged()).ifPresent(this::note);
            case PROGRESS -> progress(event.getProgress());
            case TASK_RESULT -> note(line(event.getTaskResult()));
            case EVENT_NOT_SET -> {}
        }
    }

    /** Closes the bar and prints a line. */
    public void note(String line) {
        close();
        console.note("  " + line);
    }

    @Override
    public void close() {
        if (progress != null) {
            progress.close();
            progress = null;
        }
    }

    private void progress(EvaluationProgress now) {
        if (progress == null) {
            progress = Progress.open(console, label);
        }
        if (now.hasSearch()) {
            progress.show(now.getSearch().getBytesRead(), now.getSearch().getTotalBytes(), line(now));
        } else {
            progress.show(now.getRows(), now.getTotalRows(), line(now));
        }
    }

    /** Rows, rate, remaining time, task and its running metric in one line; or the search of training data. */
    static String line(EvaluationProgress now) {
        if (now.hasSearch()) {
            return "searched %s of %s  %s/s  ETA %s  %s"
                    .formatted(
                            Format.bytes(now.getSearch().getBytesRead()),
                            Format.bytes(now.getSearch().getTotalBytes()),
                            Format.bytes(now.getSearch().getBytesPerSecond()),
                            now.getRemainingSeconds() < 0 ? "?" : Format.duration(now.getRemainingSeconds()),
                            now.getSearch().getDataset());
        }
        return "%,d/%,d rows  %s rows/s  ETA %s  %s%s"
                .formatted(
                        now.getRows(),
                        now.getTotalRows(),
                        Format.count(now.getRowsPerSecond()),
                        now.getRemainingSeconds() < 0 ? "?" : Format.duration(now.getRemainingSeconds()),
                        now.getTask(),
                        now.hasRunning() ? " " + ResultTable.line(now.getRunning()) : "");
    }

    /** A finished task with its metrics in one line. */
    static String line(TaskResult result) {
        StringBuilder line =
                new StringBuilder(result.getTask()).append("  ").append(Format.counted(result.getRows(), "row"));
        result.getMetricsList().forEach(metric -> line.append("  ").append(ResultTable.line(metric)));
        if (result.hasContamination()) {
            line.append("  ")
                    .append(Format.counted(result.getContamination().getFlaggedRows(), "row"))
                    .append(" in training data");
        }
        return line.toString();
    }

    /** A state with its reason; the final states are printed with the result. */
    static Optional<String> line(EvaluationStateChanged change) {
        return switch (change.getState()) {
            case EVALUATION_STATE_QUEUED ->
                Optional.of(withMessage(
                        change.getState(),
                        change.getMessage().isEmpty() ? "waits for an evaluator" : change.getMessage()));
            case EVALUATION_STATE_RUNNING, EVALUATION_STATE_UNSPECIFIED, UNRECOGNIZED ->
                Optional.of(withMessage(change.getState(), change.getMessage()));
            case EVALUATION_STATE_SUCCEEDED, EVALUATION_STATE_FAILED, EVALUATION_STATE_CANCELLED -> Optional.empty();
        };
    }

    /** {@code failed: the model does not fit}. */
    static String withMessage(EvaluationState state, String message) {
        return Labels.of(state) + (message.isEmpty() ? "" : ": " + message);
    }
}
