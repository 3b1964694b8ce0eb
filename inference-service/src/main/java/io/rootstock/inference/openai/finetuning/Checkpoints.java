package io.rootstock.inference.openai.finetuning;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.registry.v1.FineTuningJob;
import io.rootstock.trainer.v1.RunEvent;
import java.util.Optional;

/** Builds the JSON of the checkpoints of a job, with the newest losses before each. Steps that are repeated count once. */
final class Checkpoints {
    private final FineTuningJob job;
    private long lastStep;
    private Double trainLoss;
    private Double validLoss;

    Checkpoints(FineTuningJob job) {
        this.job = job;
    }

    /** Adds an event of the run, in order; returns the checkpoint if it is a new one. */
    Optional<ObjectNode> add(long time, RunEvent event) {
        if (event.hasProgress()) {
            trainLoss = event.getProgress().getLoss();
        } else if (event.hasEvaluation() && event.getEvaluation().getSplit().equals("validation")) {
            validLoss = event.getEvaluation().getLoss();
        } else if (event.hasCheckpoint() && event.getCheckpoint().getStep() > lastStep) {
            lastStep = event.getCheckpoint().getStep();
            return Optional.of(checkpoint(time));
        }
        return Optional.empty();
    }

    private ObjectNode checkpoint(long time) {
        String id = JobObject.id(job);
        ObjectNode checkpoint = JsonNodeFactory.instance
                .objectNode()
                .put("object", "fine_tuning.job.checkpoint")
                .put("id", "ftckpt-" + id + "-" + lastStep)
                .put("created_at", time)
                .put("fine_tuning_job_id", id)
                .put("fine_tuned_model_checkpoint", JobObject.model(job) + ":ckpt-step-" + lastStep)
                .put("step_number", lastStep);
        ObjectNode metrics = checkpoint.putObject("metrics").put("step", lastStep);
        if (trainLoss != null) {
            metrics.put("train_loss", trainLoss);
        }
        if (validLoss != null) {
            metrics.put("valid_loss", validLoss);
        }
        return checkpoint;
    }
}
