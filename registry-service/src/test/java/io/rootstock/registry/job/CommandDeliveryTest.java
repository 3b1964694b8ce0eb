package io.rootstock.registry.job;

import static io.rootstock.registry.RegistryHarness.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.job.v1.JobState;
import io.rootstock.registry.RecordedPeers;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.v1.CancelJobRequest;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.PauseJobRequest;
import io.rootstock.registry.v1.ResumeJobRequest;
import io.rootstock.registry.v1.TrainerContact;
import io.rootstock.registry.v1.WatchJobRequest;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunProgress;
import io.rootstock.trainer.v1.RunState;
import io.rootstock.trainer.v1.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Delivery of commands, and runs that the trainer does not have. */
class CommandDeliveryTest {
    /** More than the dispatcher reads at once. */
    private static final int REJECTED_STARTS = 120;

    @TempDir
    private Path scratch;

    private RegistryHarness registry;
    private RecordedPeers peers;

    @BeforeEach
    void start() {
        registry = new RegistryHarness(scratch);
        peers = registry.peers();
        peers.put(Dataset.newBuilder()
                .setName("datasets/text")
                .setKind(DatasetKind.DATASET_KIND_PRETRAINING)
                .setTokenizer("tokenizers/bytes")
                .setDigest("sha256:" + "a".repeat(64))
                .build());
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void rejectedStartsDoNotDelayACancellation() {
        String running = create();
        eventually(() -> peers.hasRun(running));
        peers.emit(running, RunState.RUN_STATE_RUNNING);
        peers.rejectStarts(true);
        for (int i = 0; i < REJECTED_STARTS; i++) {
            create();
        }
        registry.jobs()
                .cancelJob(
                        CancelJobRequest.newBuilder().setName("jobs/" + running).build());
        eventually(() -> job(running).getState() == JobState.JOB_STATE_CANCELLED);
        peers.rejectStarts(false);
        eventually(() -> peers.runs() == REJECTED_STARTS + 1);
    }

    @Test
    void aRunThatTheTrainerDoesNotKnowIsNotTrainedAgainUnasked() {
        String run = runningAtStep(3);
        Object recording = peers.forget(run);
        reconnect();
        eventually(() -> job(run).getState() == JobState.JOB_STATE_NEEDS_RECOVERY);
        assertThat(job(run).getMessage())
                .contains("its data directory may be missing")
                .contains("rootstock jobs resume " + run + " --restart");

        resume(run, false);
        eventually(() -> Collections.frequency(peers.commands(), "RESUME " + run) == 1
                && job(run).getState() == JobState.JOB_STATE_NEEDS_RECOVERY);
        assertThat(peers.commands()).containsOnlyOnce("START " + run);

        peers.restore(run, recording);
        eventually(() -> job(run).getState() == JobState.JOB_STATE_RUNNING);
        assertThat(job(run).getMessage()).isEqualTo("the trainer has the run again");
        peers.emit(
                run, RunEvent.newBuilder().setProgress(RunProgress.newBuilder().setStep(4)));
        eventually(() -> job(run).getProgress().getStep() == 4);
        assertThat(peers.commands()).containsOnlyOnce("START " + run);
    }

    @Test
    void aTrainerThatDoesNotAnswerIsReportedByItsJobs() {
        String run = runningAtStep(3);
        assertThat(job(run).hasTrainerLostTime()).isFalse();
        peers.stopServing();
        eventually(() -> job(run).hasTrainerLostTime());
        Job lost = job(run);
        assertThat(lost.getState()).isEqualTo(JobState.JOB_STATE_RUNNING);

        peers.startServing();
        eventually(() -> !job(run).hasTrainerLostTime());
        List<TrainerContact> contacts = new ArrayList<>();
        registry.jobs()
                .watchJob(WatchJobRequest.newBuilder()
                        .setName("jobs/" + run)
                        .setReplayOnly(true)
                        .build())
                .forEachRemaining(response -> {
                    if (response.getEvent().hasTrainerContact()) {
                        contacts.add(response.getEvent().getTrainerContact());
                    }
                });
        assertThat(contacts).extracting(TrainerContact::getAnswers).containsExactly(false, true);
        assertThat(contacts)
                .allSatisfy(contact -> assertThat(contact.getLostTime().getSeconds())
                        .isEqualTo(lost.getTrainerLostTime().getSeconds()));
        assertThat(contacts.getFirst().getMessage()).startsWith("the trainer does not answer: UNAVAILABLE");
    }

    @Test
    void anUnknownRunIsTrainedAgainIfTheUserRestartsIt() {
        String run = runningAtStep(3);
        Object _ = peers.forget(run);
        reconnect();
        eventually(() -> job(run).getState() == JobState.JOB_STATE_NEEDS_RECOVERY);
        resume(run, true);
        eventually(() -> peers.hasRun(run));
        peers.emit(run, RunState.RUN_STATE_RUNNING);
        eventually(() -> job(run).getState() == JobState.JOB_STATE_RUNNING);
        assertThat(Collections.frequency(peers.commands(), "START " + run)).isEqualTo(2);
    }

    @Test
    void aRepeatedRequestIdPausesOnce() {
        String run = runningAtStep(1);
        PauseJobRequest pause = PauseJobRequest.newBuilder()
                .setName("jobs/" + run)
                .setRequestId("pause-1")
                .build();
        Job _ = registry.jobs().pauseJob(pause).getJob();
        eventually(() -> job(run).getState() == JobState.JOB_STATE_PAUSED);
        resume(run, false);
        eventually(() -> job(run).getState() == JobState.JOB_STATE_RUNNING);
        assertThat(registry.jobs().pauseJob(pause).getJob().getState()).isEqualTo(JobState.JOB_STATE_RUNNING);
        assertThat(Collections.frequency(peers.commands(), "PAUSE " + run)).isEqualTo(1);
    }

    private String runningAtStep(long step) {
        String run = create();
        eventually(() -> peers.hasRun(run));
        peers.emit(run, RunState.RUN_STATE_RUNNING);
        peers.emit(
                run, RunEvent.newBuilder().setProgress(RunProgress.newBuilder().setStep(step)));
        eventually(() -> job(run).getProgress().getStep() == step);
        return run;
    }

    private void reconnect() {
        peers.stopServing();
        peers.startServing();
    }

    private String create() {
        return registry.jobs()
                .createJob(CreateJobRequest.newBuilder()
                        .setSpec(JobSpec.newBuilder()
                                .setTask(Task.TASK_PRETRAIN)
                                .setDataset("datasets/text")
                                .setOutputModel("models/base"))
                        .build())
                .getJob()
                .getName()
                .substring("jobs/".length());
    }

    private void resume(String run, boolean restart) {
        Job _ = registry.jobs()
                .resumeJob(ResumeJobRequest.newBuilder()
                        .setName("jobs/" + run)
                        .setRestart(restart)
                        .build())
                .getJob();
    }

    private Job job(String run) {
        return registry.jobs()
                .getJob(GetJobRequest.newBuilder().setName("jobs/" + run).build())
                .getJob();
    }
}
