package io.rootstock.registry.job;

import static io.rootstock.registry.RegistryHarness.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.job.v1.JobState;
import io.rootstock.registry.RecordedPeers;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.MetricSeries;
import io.rootstock.registry.v1.ReadMetricsRequest;
import io.rootstock.registry.v1.ResumeJobRequest;
import io.rootstock.registry.v1.WatchJobRequest;
import io.rootstock.registry.v1.WatchJobResponse;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunProgress;
import io.rootstock.trainer.v1.RunState;
import io.rootstock.trainer.v1.Task;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Watches of jobs that continue after a token, also after the retention has removed events. */
class ResumedWatchTest {
    @TempDir
    private Path scratch;

    private RegistryHarness registry;
    private RecordedPeers peers;
    private String run;

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
        run = registry.jobs()
                .createJob(CreateJobRequest.newBuilder()
                        .setSpec(JobSpec.newBuilder()
                                .setTask(Task.TASK_PRETRAIN)
                                .setDataset("datasets/text")
                                .setOutputModel("models/base"))
                        .build())
                .getJob()
                .getName()
                .substring("jobs/".length());
        eventually(() -> peers.hasRun(run));
        peers.emit(run, RunState.RUN_STATE_RUNNING);
        for (int step = 1; step <= 300; step++) {
            peers.emit(
                    run,
                    RunEvent.newBuilder()
                            .setProgress(RunProgress.newBuilder().setStep(step).setLoss(step)));
        }
        peers.emit(run, RunState.RUN_STATE_FAILED, "no memory");
        eventually(() -> job().getState() == JobState.JOB_STATE_FAILED);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void aTokenContinuesAfterItsEvent() {
        List<WatchJobResponse> all = watch("");
        assertThat(all).hasSizeGreaterThan(300);
        for (int i : new int[] {0, 1, 150, all.size() - 1}) {
            assertThat(watch(all.get(i).getResumeToken())).isEqualTo(all.subList(i + 1, all.size()));
        }
    }

    @Test
    void aTokenOfAnotherHistoryBeginsAnewAndSaysSo() throws SQLException {
        List<WatchJobResponse> all = watch("");
        execute(
                "alter table registry.job_event disable trigger user;"
                        + " update registry.job_event set event_time = event_time + interval '1 microsecond' where sequence = 100");
        List<WatchJobResponse> anew = watch(all.get(99).getResumeToken());
        assertThat(anew.getFirst())
                .isEqualTo(WatchJobResponse.newBuilder().setReset(true).build());
        assertThat(anew).hasSize(all.size() + 1);
        assertThat(watch(all.get(100).getResumeToken())).hasSize(all.size() - 101);
    }

    @Test
    void invalidTokensAreRejected() {
        String token = watch("").getLast().getResumeToken();
        assertThatThrownBy(() -> watch("forged")).hasMessageContaining("INVALID_ARGUMENT: resume_token");
        assertThatThrownBy(() -> registry.jobs()
                        .watchJob(WatchJobRequest.newBuilder()
                                .setName("jobs/other")
                                .setResumeToken(token)
                                .build())
                        .hasNext())
                .hasMessageContaining("INVALID_ARGUMENT: resume_token");
        assertThatThrownBy(() -> registry.jobs()
                        .watchJob(WatchJobRequest.newBuilder()
                                .setName("jobs/" + run)
                                .setResumeToken(token)
                                .setAfterSequence(1)
                                .build())
                        .hasNext())
                .hasMessageContaining("INVALID_ARGUMENT: after_sequence");
    }

    @Test
    void theEventsOfAJobThatEndedLongAgoAreRemovedAndItsWatchersGetItsStates() throws SQLException {
        List<WatchJobResponse> all = watch("");
        String etag = job().getEtag();
        age(89);
        assertThat(watch("")).isEqualTo(all);
        age(91);
        List<WatchJobResponse> states = all.stream()
                .filter(response -> response.getEvent().hasStateChanged())
                .toList();
        assertThat(watch("")).isEqualTo(states);
        assertThat(states.getLast().getEvent().getStateChanged().getMessage()).isEqualTo("no memory");
        // A watcher with a removed event, and one with the last state.
        List<WatchJobResponse> anew = watch(all.get(150).getResumeToken());
        assertThat(anew.getFirst().getReset()).isTrue();
        assertThat(anew.subList(1, anew.size())).isEqualTo(states);
        assertThat(watch(states.getLast().getResumeToken())).isEmpty();
        assertThat(job().getState()).isEqualTo(JobState.JOB_STATE_FAILED);
        assertThat(job().getProgress().getStep()).isEqualTo(300);
        assertThat(job().getEtag()).isEqualTo(etag);
        MetricSeries loss = registry.jobs()
                .readMetrics(ReadMetricsRequest.newBuilder()
                        .setName("jobs/" + run)
                        .addMetrics("training/loss")
                        .build())
                .getSeries(0);
        assertThat(loss.getPointsCount()).isEqualTo(300);
        assertThat(peers.hasRun(run)).isTrue();

        registry.jobs()
                .resumeJob(ResumeJobRequest.newBuilder().setName("jobs/" + run).build());
        assertThat(watch("", states.size()).getLast().getEvent().getSequence()).isGreaterThan(all.size());
    }

    @Test
    void theRunOfAJobThatEndedLongAgoIsDeletedAtTheTrainer() throws SQLException {
        age(181);
        eventually(() -> !peers.hasRun(run));
        assertThat(job().getState()).isEqualTo(JobState.JOB_STATE_FAILED);
    }

    /** Sets the time of the job's end and runs the retention. */
    private void age(int days) throws SQLException {
        execute("update registry.job set update_time = clock_timestamp() - interval '%d days'".formatted(days));
        registry.restart();
        eventually(() -> {
            try {
                return days < 90 || isEventsRemoved();
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        });
    }

    private boolean isEventsRemoved() throws SQLException {
        try (Connection connection = registry.source().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select from registry.job where events_removed")) {
            return rows.next();
        }
    }

    private Job job() {
        return registry.jobs()
                .getJob(GetJobRequest.newBuilder().setName("jobs/" + run).build())
                .getJob();
    }

    private List<WatchJobResponse> watch(String token) {
        List<WatchJobResponse> responses = new ArrayList<>();
        registry.jobs()
                .watchJob(WatchJobRequest.newBuilder()
                        .setName("jobs/" + run)
                        .setResumeToken(token)
                        .build())
                .forEachRemaining(responses::add);
        return responses;
    }

    /** Watches until there are more than {@code count} responses. */
    private List<WatchJobResponse> watch(String token, int count) {
        List<WatchJobResponse> responses = new ArrayList<>();
        Iterator<WatchJobResponse> watch = registry.jobs()
                .watchJob(WatchJobRequest.newBuilder()
                        .setName("jobs/" + run)
                        .setResumeToken(token)
                        .build());
        while (responses.size() <= count) {
            responses.add(watch.next());
        }
        return responses;
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = registry.source().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
