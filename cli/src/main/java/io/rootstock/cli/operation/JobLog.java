package io.rootstock.cli.operation;

import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Labels;
import io.rootstock.cli.evaluation.ProgressText;
import io.rootstock.cli.evaluation.ResultTable;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.trainer.v1.RunEvent;
import java.util.Optional;

/** Events of a job as lines of a log. */
public final class JobLog {
    private JobLog() {}

    /** Time and content of an event; empty if it has no text. */
    public static Optional<String> line(JobEvent event) {
        return text(event).map(text -> Format.time(event.getTime()) + "  " + text);
    }

    private static Optional<String> text(JobEvent event) {
        return switch (event.getEventCase()) {
            case STATE_CHANGED ->
                Optional.of(Labels.state(
                        event.getStateChanged().getState(),
                        event.getStateChanged().getMessage()));
            case RUN_EVENT -> text(event.getRunEvent());
            case TRAINER_CONTACT -> Optional.of(JobDisplay.line(event.getTrainerContact()));
            case EVALUATION_PROGRESS -> Optional.of(ProgressText.line(event.getEvaluationProgress()));
            case TASK_RESULT -> Optional.of(ResultTable.line(event.getTaskResult()));
            case EVENT_NOT_SET -> Optional.empty();
        };
    }

    private static Optional<String> text(RunEvent event) {
        return switch (event.getEventCase()) {
            case PROGRESS ->
                Optional.of("step " + event.getProgress().getStep() + " of "
                        + event.getProgress().getTotalSteps() + "  " + JobDisplay.line(event.getProgress()));
            case EVALUATION -> Optional.of(JobDisplay.line(event.getEvaluation()));
            case MESSAGE -> Optional.of(event.getMessage().getText());
            case SAMPLE -> Optional.of(JobDisplay.line(event.getSample()));
            case USAGE -> Optional.of(JobDisplay.line(event.getUsage()));
            case EXPORT -> Optional.of("export: " + JobDisplay.line(event.getExport()));
            case CHECKPOINT ->
                Optional.of("checkpoint of step " + event.getCheckpoint().getStep());
            // The state of the job follows.
            case STATE_CHANGED, RESOLVED, ARTIFACTS, EVENT_NOT_SET -> Optional.empty();
        };
    }
}
