package io.rootstock.registry.finetuning;

import com.google.protobuf.Timestamp;
import io.rootstock.registry.v1.FineTuningError;
import io.rootstock.registry.v1.FineTuningJob;
import io.rootstock.registry.v1.FineTuningState;
import io.rootstock.registry.v1.Job;
import java.util.Optional;

/** Derives the state of a fine-tuning job from its row and its training job. */
final class FineTuningView {
    private static final String TRAINING_FAILED = "training_failed";

    private FineTuningView() {}

    /** @param job the training job; empty if there is none, or none any more */
    static FineTuningJob of(FineTuningRow row, Optional<Job> job) {
        FineTuningJob.Builder view = FineTuningJob.newBuilder()
                .setName(row.name())
                .setSpec(row.spec())
                .setOutputModel(row.outputModel())
                .setTrainedTokens(row.trainedTokens())
                .setCreateTime(row.createTime());
        row.job().ifPresent(id -> view.setJob("jobs/" + id));
        row.version().ifPresent(view::setVersion);
        row.resultFile().ifPresent(view::setResultFile);
        row.error().ifPresent(view::setError);
        row.validateTime().ifPresent(view::setValidateTime);
        row.finishTime().ifPresent(view::setFinishTime);
        switch (row.state()) {
            case VALIDATING_FILES -> view.setState(FineTuningState.FINE_TUNING_STATE_VALIDATING_FILES);
            case SUCCEEDED -> view.setState(FineTuningState.FINE_TUNING_STATE_SUCCEEDED);
            case FAILED -> view.setState(FineTuningState.FINE_TUNING_STATE_FAILED);
            case CANCELLED -> view.setState(FineTuningState.FINE_TUNING_STATE_CANCELLED);
            case TRAINING ->
                job.ifPresentOrElse(
                        training -> training(view, training),
                        () -> failed(view, "its training job was deleted", row.createTime()));
        }
        return view.build();
    }

    private static void training(FineTuningJob.Builder view, Job job) {
        view.setTrainedTokens(job.getProgress().getTokens());
        switch (job.getState()) {
            case JOB_STATE_VALIDATING, JOB_STATE_QUEUED -> view.setState(FineTuningState.FINE_TUNING_STATE_QUEUED);
            case JOB_STATE_RUNNING, JOB_STATE_SUCCEEDED ->
                view.setState(FineTuningState.FINE_TUNING_STATE_RUNNING)
                        .setEtaSeconds(job.getProgress().getEtaSeconds());
            case JOB_STATE_PAUSED, JOB_STATE_NEEDS_RECOVERY -> view.setState(FineTuningState.FINE_TUNING_STATE_PAUSED);
            case JOB_STATE_CANCELLED ->
                view.setState(FineTuningState.FINE_TUNING_STATE_CANCELLED).setFinishTime(job.getUpdateTime());
            case JOB_STATE_FAILED -> failed(view, job.getMessage(), job.getUpdateTime());
            case JOB_STATE_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalStateException(job.getName() + " has no known state");
        }
    }

    private static void failed(FineTuningJob.Builder view, String message, Timestamp time) {
        view.setState(FineTuningState.FINE_TUNING_STATE_FAILED)
                .setError(FineTuningError.newBuilder().setCode(TRAINING_FAILED).setMessage(message))
                .setFinishTime(time);
    }
}
