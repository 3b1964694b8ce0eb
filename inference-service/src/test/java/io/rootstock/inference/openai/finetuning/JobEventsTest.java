package io.rootstock.inference.openai.finetuning;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.v1.FineTuningError;
import io.rootstock.registry.v1.FineTuningJob;
import io.rootstock.registry.v1.FineTuningSpec;
import io.rootstock.registry.v1.FineTuningState;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.registry.v1.JobStateChanged;
import io.rootstock.trainer.v1.RunCheckpoint;
import io.rootstock.trainer.v1.RunEvaluation;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunProgress;
import org.junit.jupiter.api.Test;

class JobEventsTest {
    private static final FineTuningJob JOB = FineTuningJob.newBuilder()
            .setName("fineTuningJobs/ftjob-a")
            .setOutputModel("models/tiny-ft-a")
            .setSpec(FineTuningSpec.newBuilder().setTrainingFile("files/file-a").setValidationFile("files/file-b"))
            .setState(FineTuningState.FINE_TUNING_STATE_VALIDATING_FILES)
            .setCreateTime(Timestamp.newBuilder().setSeconds(5))
            .build();

    @Test
    void theFilesAreNamedBeforeTraining() {
        assertThat(JobEvents.beforeTraining(JOB))
                .extracting(JobEvents.Event::message)
                .containsExactly(
                        "Created fine-tuning job: ftjob-a",
                        "Validating training file: file-a and validation file: file-b");
        assertThat(JobEvents.beforeTraining(JOB.toBuilder()
                        .setValidateTime(Timestamp.newBuilder().setSeconds(6))
                        .build()))
                .extracting(JobEvents.Event::number)
                .containsExactly(1L, 2L, 3L);
    }

    @Test
    void anEventOfTheTrainingJobKeepsItsPlace() {
        JobEvents.Event event = JobEvents.of(JobEvent.newBuilder()
                        .setSequence(4)
                        .setTime(Timestamp.newBuilder().setSeconds(9))
                        .setRunEvent(RunEvent.newBuilder()
                                .setProgress(RunProgress.newBuilder()
                                        .setStep(2)
                                        .setTotalSteps(10)
                                        .setLoss(1.25)
                                        .setLearningRate(0.5)))
                        .build())
                .orElseThrow();
        assertThat(event.toJson("ftjob-a").toString())
                .isEqualTo("{\"object\":\"fine_tuning.job.event\",\"id\":\"ftevent-ftjob-a-7\",\"created_at\":9,"
                        + "\"level\":\"info\",\"message\":\"Step 2/10: training loss=1.2500\",\"type\":\"metrics\","
                        + "\"data\":{\"step\":2,\"total_steps\":10,\"train_loss\":1.25,\"learning_rate\":0.5}}");
        assertThat(JobEvents.number("ftjob-a", "ftevent-ftjob-a-7")).contains(7L);
        assertThat(JobEvents.number("ftjob-a", "ftevent-ftjob-b-7")).isEmpty();
        assertThat(JobEvents.number("ftjob-a", "ftevent-ftjob-a-x")).isEmpty();
    }

    @Test
    void failuresAreErrors() {
        assertThat(JobEvents.of(JobEvent.newBuilder()
                        .setStateChanged(JobStateChanged.newBuilder()
                                .setState(JobState.JOB_STATE_FAILED)
                                .setMessage("out of memory"))
                        .build()))
                .hasValueSatisfying(event -> assertThat(event.level() + ": " + event.message())
                        .isEqualTo("error: The job failed: out of memory"));
        FineTuningJob failed = JOB.toBuilder()
                .setState(FineTuningState.FINE_TUNING_STATE_FAILED)
                .setError(FineTuningError.newBuilder()
                        .setCode("invalid_training_file")
                        .setMessage("a.jsonl:1: bad"))
                .build();
        assertThat(JobEvents.end(failed, 2))
                .hasValueSatisfying(event -> assertThat(event.number() + " " + event.message())
                        .isEqualTo("3 The job failed: a.jsonl:1: bad"));
        assertThat(JobEvents.end(JOB, 2)).isEmpty();
    }

    @Test
    void aCheckpointHasTheNewestLossesAndCountsOnce() {
        Checkpoints checkpoints = new Checkpoints(JOB);
        RunEvent checkpoint = RunEvent.newBuilder()
                .setCheckpoint(RunCheckpoint.newBuilder().setStep(5))
                .build();
        assertThat(checkpoints.add(
                        1,
                        RunEvent.newBuilder()
                                .setProgress(RunProgress.newBuilder().setLoss(2))
                                .build()))
                .isEmpty();
        assertThat(checkpoints.add(
                        2,
                        RunEvent.newBuilder()
                                .setEvaluation(RunEvaluation.newBuilder()
                                        .setSplit("validation")
                                        .setLoss(3))
                                .build()))
                .isEmpty();
        assertThat(checkpoints.add(4, checkpoint).orElseThrow().toString())
                .isEqualTo("{\"object\":\"fine_tuning.job.checkpoint\",\"id\":\"ftckpt-ftjob-a-5\",\"created_at\":4,"
                        + "\"fine_tuning_job_id\":\"ftjob-a\","
                        + "\"fine_tuned_model_checkpoint\":\"tiny-ft-a:ckpt-step-5\",\"step_number\":5,"
                        + "\"metrics\":{\"step\":5,\"train_loss\":2.0,\"valid_loss\":3.0}}");
        assertThat(checkpoints.add(5, checkpoint)).isEmpty();
    }
}
