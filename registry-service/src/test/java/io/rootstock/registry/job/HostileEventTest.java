package io.rootstock.registry.job;

import static io.rootstock.registry.RegistryHarness.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.job.v1.JobState;
import io.rootstock.registry.RecordedPeers;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.RunArtifacts;
import io.rootstock.trainer.v1.RunEvaluation;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunProgress;
import io.rootstock.trainer.v1.RunState;
import io.rootstock.trainer.v1.Task;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events of the trainer with texts that PostgreSQL does not accept. */
class HostileEventTest {
    @TempDir
    private Path scratch;

    private RegistryHarness registry;
    private RecordedPeers peers;

    @BeforeEach
    void start() {
        registry = new RegistryHarness(scratch);
        peers = registry.peers();
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void theLastLineOfAWorkersOutputMayContainNul() {
        String run = started("ham");
        peers.emit(run, RunState.RUN_STATE_FAILED, "worker: segmen\0tation");
        eventually(() -> job(run).getState() == JobState.JOB_STATE_FAILED);
        assertThat(job(run).getMessage()).isEqualTo("worker: segmen\uFFFDtation");
    }

    @Test
    void anEventThatCannotBeStoredDoesNotBlockTheNextOnes() {
        String run = started("ham");
        peers.emit(
                run,
                RunEvent.newBuilder()
                        .setEvaluation(
                                RunEvaluation.newBuilder().setSplit("te\0st").setLoss(1)));
        peers.emit(
                run, RunEvent.newBuilder().setProgress(RunProgress.newBuilder().setStep(7)));
        succeed(run);
        eventually(() -> job(run).getState() == JobState.JOB_STATE_SUCCEEDED);
        assertThat(job(run).getProgress().getStep()).isEqualTo(7);
        assertThat(job(run).getEvaluationsList()).isEmpty();
    }

    @Test
    void aVersionWithALabelThatCannotBeStoredFailsItsJobWithAReason() {
        String run = started("ha\0m");
        succeed(run);
        eventually(() -> job(run).getState() == JobState.JOB_STATE_FAILED);
        assertThat(job(run).getMessage()).contains("character that the database does not accept");
    }

    private String started(String label) {
        peers.put(Dataset.newBuilder()
                .setName("datasets/mail")
                .setKind(DatasetKind.DATASET_KIND_CLASSIFICATION)
                .setTokenizer("tokenizers/bytes")
                .setDigest("sha256:" + "a".repeat(64))
                .addLabels(label)
                .addLabels("spam")
                .build());
        registry.register("base");
        Job job = registry.jobs()
                .createJob(CreateJobRequest.newBuilder()
                        .setSpec(JobSpec.newBuilder()
                                .setTask(Task.TASK_CLASSIFICATION)
                                .setDataset("datasets/mail")
                                .setBase("base@latest")
                                .setOutputModel("models/mail"))
                        .build())
                .getJob();
        String run = job.getName().substring("jobs/".length());
        eventually(() -> peers.hasRun(run));
        peers.emit(run, RunState.RUN_STATE_RUNNING);
        return run;
    }

    private void succeed(String run) {
        peers.emit(
                run,
                RunEvent.newBuilder()
                        .setArtifacts(RunArtifacts.newBuilder()
                                .addArtifacts(registry.directory("model of " + run))
                                .addArtifacts(registry.file(ArtifactKind.ARTIFACT_KIND_GGUF_F32, "gguf of " + run))));
        peers.emit(run, RunState.RUN_STATE_SUCCEEDED);
    }

    private Job job(String run) {
        return registry.jobs()
                .getJob(GetJobRequest.newBuilder().setName("jobs/" + run).build())
                .getJob();
    }
}
