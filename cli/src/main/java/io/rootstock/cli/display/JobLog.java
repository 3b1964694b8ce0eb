package io.rootstock.cli.display;

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
            case STATE_CHANGED -> {
                String message = event.getStateChanged().getMessage();
                yield Optional.of(
                        Labels.of(event.getStateChanged().getState()) + (message.isEmpty() ? "" : ": " + message));
            }
            case RUN_EVENT -> text(event.getRunEvent());
            case TRAINER_CONTACT -> Optional.of(JobDisplay.line(event.getTrainerContact()));
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
