package io.rootstock.inference.openai.finetuning;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Timestamp;
import io.rootstock.registry.v1.FineTuningJob;
import io.rootstock.registry.v1.FineTuningState;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.registry.v1.JobStateChanged;
import io.rootstock.trainer.v1.RunEvaluation;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunProgress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Derives the events of a fine-tuning job. An event has a number: 1 to 3 for the steps before the training job, 3 plus
 * the sequence number of an event of the training job, and a last one for the end.
 */
final class JobEvents {
    private static final int BEFORE_TRAINING = 3;
    private static final String VALIDATION = "validation";
    private static final String STEP = "step";

    private JobEvents() {}

    /**
     * An event.
     *
     * @param number position in the order of the events, from 1
     * @param data numbers of a metrics event; empty for a message
     */
    record Event(long number, long time, String level, String message, Optional<ObjectNode> data) {
        /** JSON of the event. */
        ObjectNode toJson(String job) {
            ObjectNode event = JsonNodeFactory.instance
                    .objectNode()
                    .put("object", "fine_tuning.job.event")
                    .put("id", id(job, number))
                    .put("created_at", time)
                    .put("level", level)
                    .put("message", message)
                    .put("type", data.isPresent() ? "metrics" : "message");
            event.set("data", data.orElseGet(JsonNodeFactory.instance::objectNode));
            return event;
        }
    }

    /** Id of an event. */
    static String id(String job, long number) {
        return prefix(job) + number;
    }

    /** Number of an event; empty if the id is not one of the job's. */
    static Optional<Long> number(String job, String id) {
        try {
            return id.startsWith(prefix(job))
                    ? Optional.of(Long.parseLong(id.substring(prefix(job).length())))
                    : Optional.empty();
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    /** Events before the training job. */
    static List<Event> beforeTraining(FineTuningJob job) {
        String files = "Validating training file: " + id(job.getSpec().getTrainingFile())
                + (job.getSpec().getValidationFile().isEmpty()
                        ? ""
                        : " and validation file: " + id(job.getSpec().getValidationFile()));
        Event created = message(1, job.getCreateTime(), "Created fine-tuning job: " + JobObject.id(job));
        Event validating = message(2, job.getCreateTime(), files);
        return job.hasValidateTime()
                ? List.of(
                        created,
                        validating,
                        message(3, job.getValidateTime(), "Files validated, moving job to queued state"))
                : List.of(created, validating);
    }

    /** The event of an event of the training job; empty if users do not need it. */
    static Optional<Event> of(JobEvent event) {
        long number = BEFORE_TRAINING + event.getSequence();
        return switch (event.getEventCase()) {
            case STATE_CHANGED -> of(number, event.getTime(), event.getStateChanged());
            case RUN_EVENT -> of(number, event.getTime(), event.getRunEvent());
            // The job's state tells users enough, and no event of an evaluation is one of a training.
            case TRAINER_CONTACT, EVALUATION_PROGRESS, TASK_RESULT, EVENT_NOT_SET -> Optional.empty();
        };
    }

    /**
     * The event of the end; empty if the training job's last event tells it, or the job has not ended.
     *
     * @param last number of the last event of the training job, or of the last event before it
     */
    static Optional<Event> end(FineTuningJob job, long last) {
        if (job.getState() == FineTuningState.FINE_TUNING_STATE_SUCCEEDED) {
            return Optional.of(message(
                    last + 1,
                    job.getFinishTime(),
                    "The job has successfully completed; the new model is " + JobObject.model(job)));
        }
        if (job.getState() == FineTuningState.FINE_TUNING_STATE_FAILED
                && !job.getError().getCode().equals("training_failed")) {
            return Optional.of(error(
                    last + 1,
                    job.getFinishTime(),
                    "The job failed: " + job.getError().getMessage()));
        }
        if (job.getState() == FineTuningState.FINE_TUNING_STATE_CANCELLED
                && job.getJob().isEmpty()) {
            return Optional.of(message(last + 1, job.getFinishTime(), "The job was cancelled"));
        }
        return Optional.empty();
    }

    private static Optional<Event> of(long number, Timestamp time, JobStateChanged changed) {
        return switch (changed.getState()) {
            case JOB_STATE_QUEUED -> Optional.of(message(number, time, "The job waits for a worker"));
            case JOB_STATE_RUNNING -> Optional.of(message(number, time, "Fine-tuning job started"));
            case JOB_STATE_PAUSED -> Optional.of(message(number, time, "The job is paused"));
            case JOB_STATE_CANCELLED -> Optional.of(message(number, time, "The job was cancelled"));
            case JOB_STATE_SUCCEEDED -> Optional.of(message(number, time, "New fine-tuned model created"));
            case JOB_STATE_NEEDS_RECOVERY ->
                Optional.of(error(
                        number,
                        time,
                        "The job is paused because it failed repeatedly; resume it: " + changed.getMessage()));
            case JOB_STATE_FAILED -> Optional.of(error(number, time, "The job failed: " + changed.getMessage()));
            case JOB_STATE_VALIDATING, JOB_STATE_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    }

    private static Optional<Event> of(long number, Timestamp time, RunEvent event) {
        return switch (event.getEventCase()) {
            case PROGRESS -> Optional.of(progress(number, time, event.getProgress()));
            case EVALUATION ->
                Optional.of(event.getEvaluation())
                        .filter(evaluation -> evaluation.getSplit().equals(VALIDATION))
                        .map(evaluation -> evaluation(number, time, evaluation));
            case CHECKPOINT ->
                Optional.of(message(
                        number,
                        time,
                        "Checkpoint created at step " + event.getCheckpoint().getStep()));
            case MESSAGE -> Optional.of(message(number, time, event.getMessage().getText()));
            case STATE_CHANGED, RESOLVED, ARTIFACTS, SAMPLE, USAGE, EXPORT, EVENT_NOT_SET -> Optional.empty();
        };
    }

    private static Event progress(long number, Timestamp time, RunProgress progress) {
        ObjectNode data = JsonNodeFactory.instance
                .objectNode()
                .put(STEP, progress.getStep())
                .put("total_steps", progress.getTotalSteps())
                .put("train_loss", progress.getLoss())
                .put("learning_rate", progress.getLearningRate());
        String message = String.format(
                Locale.ROOT,
                "Step %d/%d: training loss=%.4f",
                progress.getStep(),
                progress.getTotalSteps(),
                progress.getLoss());
        return new Event(number, time.getSeconds(), "info", message, Optional.of(data));
    }

    private static Event evaluation(long number, Timestamp time, RunEvaluation evaluation) {
        ObjectNode data = JsonNodeFactory.instance
                .objectNode()
                .put(STEP, evaluation.getStep())
                .put("valid_loss", evaluation.getLoss());
        evaluation.getMetricsMap().forEach(data::put);
        String message =
                String.format(Locale.ROOT, "Step %d: validation loss=%.4f", evaluation.getStep(), evaluation.getLoss());
        return new Event(number, time.getSeconds(), "info", message, Optional.of(data));
    }

    private static Event message(long number, Timestamp time, String text) {
        return new Event(number, time.getSeconds(), "info", text, Optional.empty());
    }

    private static Event error(long number, Timestamp time, String text) {
        return new Event(number, time.getSeconds(), "error", text, Optional.empty());
    }

    private static String prefix(String job) {
        return "ftevent-" + job + "-";
    }

    private static String id(String file) {
        return file.substring(file.indexOf('/') + 1);
    }
}
