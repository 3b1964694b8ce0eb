package io.rootstock.registry.scheduling;

import static io.rootstock.registry.RegistryHarness.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.RecordedPeers;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.v1.CancelJobRequest;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.DeleteQuotaRequest;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobPriority;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.ListJobsRequest;
import io.rootstock.registry.v1.ListQuotasRequest;
import io.rootstock.registry.v1.PauseJobRequest;
import io.rootstock.registry.v1.Quota;
import io.rootstock.registry.v1.QuotaUsage;
import io.rootstock.registry.v1.ResumeJobRequest;
import io.rootstock.registry.v1.SetQuotaRequest;
import io.rootstock.registry.v1.WatchJobRequest;
import io.rootstock.scheduling.Policy;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunProgress;
import io.rootstock.trainer.v1.RunState;
import io.rootstock.trainer.v1.Task;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchedulingTest {
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
    void jobsWaitInTheRegistryForDevicesAndStartByPriority() {
        peers.setWorkers(1);
        String running = running(spec());
        String low = create(spec().setPriority(JobPriority.JOB_PRIORITY_LOW));
        String normal = create(spec());
        String high = create(spec().setPriority(JobPriority.JOB_PRIORITY_HIGH));
        peers.emit(running, progress(1, 0, 100, 0));
        eventually(() -> job(low).getQueuePosition() == 3 && isIn(job(high).getEstimatedStartTime(), 60, 101));
        assertThat(job(high).getQueuePosition()).isEqualTo(1);
        assertThat(job(normal).getQueuePosition()).isEqualTo(2);
        assertThat(job(normal).getState()).isEqualTo(JobState.JOB_STATE_QUEUED);
        // The jobs before it need an hour each, because nothing is known of them.
        eventually(() -> isIn(job(low).getEstimatedStartTime(), 7200, 7301)
                && isIn(job(low).getEstimatedEndTime(), 10_800, 10_901));
        assertThat(registry.jobs()
                        .listJobs(ListJobsRequest.newBuilder()
                                .setFilter("priority = HIGH AND owner = \"users/local\"")
                                .build())
                        .getJobsList())
                .extracting(Job::getName)
                .containsExactly("jobs/" + high);
        for (String next : List.of(high, normal, low)) {
            assertThat(peers.hasRun(next)).isFalse();
            peers.emit(peers.commands().getLast().substring("START ".length()), RunState.RUN_STATE_FAILED);
            eventually(() -> peers.hasRun(next));
        }
        assertThat(peers.commands())
                .containsExactly("START " + running, "START " + high, "START " + normal, "START " + low);
        eventually(() -> job(low).getQueuePosition() == 0);
        assertThat(job(low).hasEstimatedStartTime()).isFalse();
    }

    @Test
    void aJobThatWaitsIsPausedResumedAndCancelledWithoutTheTrainer() {
        peers.setWorkers(1);
        String running = running(spec());
        String waits = create(spec());
        assertThat(registry.jobs()
                        .pauseJob(PauseJobRequest.newBuilder()
                                .setName("jobs/" + waits)
                                .build())
                        .getJob()
                        .getState())
                .isEqualTo(JobState.JOB_STATE_PAUSED);
        assertThat(resume(waits, 0).getState()).isEqualTo(JobState.JOB_STATE_QUEUED);
        assertThat(cancel(waits).getState()).isEqualTo(JobState.JOB_STATE_CANCELLED);
        assertThat(resume(waits, 0).getState()).isEqualTo(JobState.JOB_STATE_QUEUED);
        registry.restart();
        peers.emit(running, RunState.RUN_STATE_FAILED);
        eventually(() -> peers.hasRun(waits));
        assertThat(peers.commands()).containsExactly("START " + running, "START " + waits);
        // A resumed run waits for devices, too.
        assertThat(resume(running, 0).getState()).isEqualTo(JobState.JOB_STATE_QUEUED);
        eventually(() -> job(running).getQueuePosition() == 1);
        peers.emit(waits, RunState.RUN_STATE_FAILED);
        eventually(() -> peers.commands().getLast().equals("RESUME " + running));
    }

    @Test
    void theOldEndOfARunIsNotReadAgainWhileItsResumptionWaits() {
        peers.setWorkers(1);
        String failed = running(spec());
        peers.emit(failed, RunState.RUN_STATE_FAILED);
        eventually(() -> job(failed).getState() == JobState.JOB_STATE_FAILED);
        String running = running(spec());
        assertThat(resume(failed, 0).getState()).isEqualTo(JobState.JOB_STATE_QUEUED);
        eventually(() -> job(failed).getQueuePosition() == 1 && job(failed).hasEstimatedStartTime());
        peers.emit(running, RunState.RUN_STATE_FAILED);
        eventually(() -> job(failed).getState() == JobState.JOB_STATE_RUNNING);
        assertThat(states(failed))
                .containsExactly(
                        JobState.JOB_STATE_VALIDATING,
                        JobState.JOB_STATE_QUEUED,
                        JobState.JOB_STATE_RUNNING,
                        JobState.JOB_STATE_FAILED,
                        JobState.JOB_STATE_QUEUED,
                        JobState.JOB_STATE_RUNNING);
    }

    @Test
    void aHigherPriorityPreemptsARunAtACheckpointAndTheRunResumesAfterIt() {
        registry.restartWithPolicy(new Policy(1e6, 1e6, 0, 0));
        peers.setWorkers(2);
        String normal = running(spec());
        String low = running(spec().setPriority(JobPriority.JOB_PRIORITY_LOW));
        String high = create(spec().setPriority(JobPriority.JOB_PRIORITY_HIGH));
        eventually(() -> peers.hasRun(high));
        eventually(() -> job(low).getState() == JobState.JOB_STATE_QUEUED);
        assertThat(job(low).getMessage()).isEqualTo("preempted by jobs/" + high + "; waits for devices");
        assertThat(job(normal).getState()).isEqualTo(JobState.JOB_STATE_RUNNING);
        peers.emit(high, RunState.RUN_STATE_FAILED);
        eventually(() -> job(low).getState() == JobState.JOB_STATE_RUNNING);
        assertThat(peers.commands())
                .containsExactly("START " + normal, "START " + low, "PAUSE " + low, "START " + high, "RESUME " + low);
    }

    @Test
    void aRunIsPausedBeforeItsCostLimitAndResumesWithAHigherOne() {
        String run = running(spec().setMaxCostDollars(1));
        // A dollar per 1000 seconds: the next report and a stop may cost 0.09 dollars.
        peers.emit(run, progress(1, 0.9, 1000, 1));
        eventually(() -> job(run).getProgress().getStep() == 1);
        peers.emit(run, progress(2, 0.95, 1000, 1));
        eventually(() -> job(run).getState() == JobState.JOB_STATE_PAUSED);
        assertThat(job(run).getMessage())
                .startsWith("paused before its cost limit of $1.00, after $0.95; resume it with a higher limit");
        assertThatThrownBy(() -> resume(run, 0))
                .hasMessageContaining("FAILED_PRECONDITION")
                .hasMessageContaining("has spent $0.95 of its limit of $1.00");
        assertRefused(() -> resume(run, 0.96), "max_cost_dollars");
        assertRefused(() -> resume(run, Double.NaN), "max_cost_dollars");
        assertThat(job(run).getMaxCostDollars()).isEqualTo(1);
        Job resumed = resume(run, 5);
        assertThat(resumed.getMaxCostDollars()).isEqualTo(5);
        eventually(() -> job(run).getState() == JobState.JOB_STATE_RUNNING);
        assertThat(peers.commands()).containsExactly("START " + run, "PAUSE " + run, "RESUME " + run);
    }

    @Test
    void quotasLimitDevicesAndTheCostOfAMonth() {
        setQuota(Quota.newBuilder().setPrincipal("users/local").setDevices(1));
        setQuota(Quota.newBuilder().setPrincipal("groups/research").setWeight(2).setDollarsPerMonth(1));
        String first = running(spec());
        String second = create(spec());
        eventually(() -> job(second).getMessage().equals("waits: users/local holds the devices of its quota, 1"));
        assertThat(peers.hasRun(second)).isFalse();
        registry.quotas()
                .deleteQuota(DeleteQuotaRequest.newBuilder()
                        .setPrincipal("users/local")
                        .build());
        eventually(() -> peers.hasRun(second));

        String costly = running(spec().setTeam("groups/research"));
        peers.emit(costly, progress(1, 0.95, 1000, 1));
        eventually(() -> job(costly).getState() == JobState.JOB_STATE_PAUSED);
        assertThat(job(costly).getMessage())
                .isEqualTo("paused before groups/research exceeds its limit of $1.00 in this month");
        List<QuotaUsage> quotas = registry.quotas()
                .listQuotas(ListQuotasRequest.getDefaultInstance())
                .getQuotasList();
        assertThat(quotas)
                .extracting(usage -> usage.getQuota().getPrincipal())
                .containsExactly("groups/research", "users/local");
        assertThat(quotas.getFirst().getMonthDollars()).isEqualTo(0.95);
        assertThat(quotas.getFirst().getQuota().getWeight()).isEqualTo(2);
        assertThat(quotas.getLast().getDevices()).isEqualTo(2);
        assertThat(quotas.getLast().getQuota().hasDevices()).isFalse();
        assertThat(job(first).getState()).isEqualTo(JobState.JOB_STATE_RUNNING);
    }

    @Test
    void invalidFieldsAreRefusedByName() {
        assertRefused(() -> create(spec().setMaxCostDollars(-1)), "spec.max_cost_dollars");
        assertRefused(() -> create(spec().setMaxCostDollars(Double.NaN)), "spec.max_cost_dollars");
        assertRefused(() -> create(spec().setPriorityValue(17)), "spec.priority");
        assertRefused(() -> create(spec().setTeam("users/alice")), "spec.team");
        assertRefused(() -> setQuota(Quota.newBuilder().setPrincipal("alice")), "quota.principal");
        Quota.Builder quota = Quota.newBuilder().setPrincipal("users/alice");
        assertRefused(() -> setQuota(quota.clone().setWeight(0)), "quota.weight");
        assertRefused(() -> setQuota(quota.clone().setWeight(Double.NaN)), "quota.weight");
        assertRefused(() -> setQuota(quota.clone().setDevices(-1)), "quota.devices");
        assertRefused(() -> setQuota(quota.clone().setDollarsPerMonth(-0.5)), "quota.dollars_per_month");
        assertThatThrownBy(() -> registry.quotas()
                        .deleteQuota(DeleteQuotaRequest.newBuilder()
                                .setPrincipal("users/alice")
                                .build()))
                .hasMessageContaining("NOT_FOUND");
    }

    private static JobSpec.Builder spec() {
        return JobSpec.newBuilder()
                .setTask(Task.TASK_PRETRAIN)
                .setDataset("datasets/text")
                .setOutputModel("models/base");
    }

    private static RunEvent.Builder progress(long step, double spent, double etaSeconds, double remaining) {
        return RunEvent.newBuilder()
                .setProgress(RunProgress.newBuilder()
                        .setStep(step)
                        .setDollarsSpent(spent)
                        .setEtaSeconds(etaSeconds)
                        .setDollarsRemaining(remaining));
    }

    /** Whether a time is in a range of seconds from now. */
    private static boolean isIn(Timestamp time, double from, double to) {
        double seconds = time.getSeconds() - Instant.now().toEpochMilli() / 1000.0;
        return seconds >= from && seconds <= to;
    }

    private String running(JobSpec.Builder spec) {
        String run = create(spec);
        eventually(() -> peers.hasRun(run));
        peers.emit(run, RunState.RUN_STATE_RUNNING);
        eventually(() -> job(run).getState() == JobState.JOB_STATE_RUNNING);
        return run;
    }

    private String create(JobSpec.Builder spec) {
        return registry.jobs()
                .createJob(CreateJobRequest.newBuilder().setSpec(spec).build())
                .getJob()
                .getName()
                .substring("jobs/".length());
    }

    private Job resume(String run, double maxCost) {
        return registry.jobs()
                .resumeJob(ResumeJobRequest.newBuilder()
                        .setName("jobs/" + run)
                        .setMaxCostDollars(maxCost)
                        .build())
                .getJob();
    }

    /** States in the job's stored events. */
    private List<JobState> states(String run) {
        List<JobState> states = new ArrayList<>();
        registry.jobs()
                .watchJob(WatchJobRequest.newBuilder()
                        .setName("jobs/" + run)
                        .setReplayOnly(true)
                        .build())
                .forEachRemaining(response -> {
                    if (response.getEvent().hasStateChanged()) {
                        states.add(response.getEvent().getStateChanged().getState());
                    }
                });
        return states;
    }

    private Job cancel(String run) {
        return registry.jobs()
                .cancelJob(CancelJobRequest.newBuilder().setName("jobs/" + run).build())
                .getJob();
    }

    private Job job(String run) {
        return registry.jobs()
                .getJob(GetJobRequest.newBuilder().setName("jobs/" + run).build())
                .getJob();
    }

    private Quota setQuota(Quota.Builder quota) {
        return registry.quotas()
                .setQuota(SetQuotaRequest.newBuilder().setQuota(quota).build())
                .getQuota();
    }

    private static void assertRefused(ThrowingCallable call, String field) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StatusRuntimeException.class, failure -> {
            assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(failure.getStatus().getDescription()).contains(field);
        });
    }
}
