package io.rootstock.registry.job;

import static io.rootstock.registry.RegistryHarness.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.RecordedPeers;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.v1.CancelJobRequest;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.DeleteJobRequest;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.WatchJobsRequest;
import io.rootstock.registry.v1.WatchJobsResponse;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunProgress;
import io.rootstock.trainer.v1.RunState;
import io.rootstock.trainer.v1.Task;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Watches of a page of jobs. */
class WatchedPageTest {
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
    void aWatchSendsThePageThenWhatChangesInIt() {
        String first = create("one");
        String second = create("two");
        Page page = new Page(WatchJobsRequest.getDefaultInstance());
        page.await(names -> names.equals(List.of(second, first)));
        assertThat(page.jobs).containsOnlyKeys(first, second);

        String run = first.substring("jobs/".length());
        eventually(() -> peers.hasRun(run));
        peers.emit(run, RunState.RUN_STATE_RUNNING);
        peers.emit(
                run,
                RunEvent.newBuilder()
                        .setProgress(RunProgress.newBuilder().setStep(7).setLoss(2.5)));
        WatchJobsResponse progress =
                page.await(_ -> page.jobs.get(first).getProgress().getStep() == 7);
        assertThat(progress.getJobsList()).extracting(Job::getName).contains(first);
        assertThat(page.jobs.get(first).getState()).isEqualTo(JobState.JOB_STATE_RUNNING);

        String third = create("three");
        page.await(names -> names.equals(List.of(third, second, first)));
        cancelAndDelete(second);
        page.await(names -> names.equals(List.of(third, first)));
    }

    @Test
    void aFilteredPageLosesJobsThatNoLongerMatch() {
        String waiting = create("one");
        Page page = new Page(WatchJobsRequest.newBuilder()
                .setFilter("output_model = models/one")
                .addStates(JobState.JOB_STATE_CANCELLED)
                .build());
        page.await(List::isEmpty);
        cancel(waiting);
        page.await(names -> names.equals(List.of(waiting)));
    }

    @Test
    void onlyTheFirstPageIsWatched() {
        String first = create("one");
        String second = create("two");
        Page page = new Page(WatchJobsRequest.newBuilder().setPageSize(1).build());
        WatchJobsResponse message = page.await(names -> names.equals(List.of(second)));
        assertThat(message.getNextPageToken()).isNotEmpty();
        cancelAndDelete(second);
        page.await(names -> names.equals(List.of(first)));
    }

    @Test
    void invalidFieldsAreRejectedByName() {
        assertRefused(WatchJobsRequest.newBuilder().setPageSize(-1), "page_size");
        assertRefused(WatchJobsRequest.newBuilder().setFilter("loss > 1"), "filter");
        assertRefused(WatchJobsRequest.newBuilder().addStates(JobState.JOB_STATE_UNSPECIFIED), "states");
        assertRefused(WatchJobsRequest.newBuilder().addStatesValue(99), "states");
    }

    private void assertRefused(WatchJobsRequest.Builder request, String field) {
        assertThatThrownBy(() -> registry.jobs().watchJobs(request.build()).hasNext())
                .hasMessageContaining("INVALID_ARGUMENT: " + field);
    }

    /** A watched page: applies the messages as a client does. */
    private final class Page {
        private final Map<String, Job> jobs = new HashMap<>();
        private final Iterator<WatchJobsResponse> messages;

        Page(WatchJobsRequest request) {
            messages = registry.jobs().withDeadlineAfter(1, TimeUnit.MINUTES).watchJobs(request);
        }

        /** Reads messages until the names of the page match; returns the last message. */
        WatchJobsResponse await(Predicate<List<String>> names) {
            while (true) {
                WatchJobsResponse message = messages.next();
                message.getJobsList().forEach(job -> jobs.put(job.getName(), job));
                if (names.test(List.copyOf(message.getNamesList()))) {
                    return message;
                }
            }
        }
    }

    private String create(String model) {
        return registry.jobs()
                .createJob(CreateJobRequest.newBuilder()
                        .setSpec(JobSpec.newBuilder()
                                .setTask(Task.TASK_PRETRAIN)
                                .setDataset("datasets/text")
                                .setOutputModel("models/" + model))
                        .build())
                .getJob()
                .getName();
    }

    private void cancel(String job) {
        registry.jobs().cancelJob(CancelJobRequest.newBuilder().setName(job).build());
    }

    /** A job can be deleted once its run has ended. */
    private void cancelAndDelete(String job) {
        cancel(job);
        eventually(() -> {
            try {
                registry.jobs()
                        .deleteJob(DeleteJobRequest.newBuilder().setName(job).build());
                return true;
            } catch (StatusRuntimeException e) {
                assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
                return false;
            }
        });
    }
}
