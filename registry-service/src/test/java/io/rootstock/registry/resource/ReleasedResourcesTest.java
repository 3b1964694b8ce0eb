package io.rootstock.registry.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Timestamp;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.v1.CancelJobRequest;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.DeleteJobRequest;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.ListJobsRequest;
import io.rootstock.registry.v1.ReleaseResourceRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.Tokenizer;
import io.rootstock.trainer.v1.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleasedResourcesTest {
    @TempDir
    private Path scratch;

    private RegistryHarness registry;

    @BeforeEach
    void start() {
        registry = new RegistryHarness(scratch);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void aDatasetIsReleasedOnlyWithoutUnfinishedJobsAndThenRejectsNewOnes() {
        dataset("text", 100);
        Job job = create("text");
        String id = job.getName().substring("jobs/".length());
        RegistryHarness.eventually(() -> registry.peers().hasRun(id));
        StatusRuntimeException used = failure(() -> release("datasets/text", 100));
        assertThat(used.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(used)
                .hasMessageContaining(job.getName() + " uses it and is QUEUED (rootstock jobs cancel " + id
                        + ", then rootstock jobs delete " + id + ")");
        registry.jobs()
                .cancelJob(CancelJobRequest.newBuilder().setName(job.getName()).build());
        RegistryHarness.eventually(() -> registry.jobs()
                        .getJob(GetJobRequest.newBuilder()
                                .setName(job.getName())
                                .build())
                        .getJob()
                        .getState()
                == JobState.JOB_STATE_CANCELLED);
        assertThat(failure(() -> release("datasets/text", 100)))
                .hasMessageContaining("is CANCELLED (rootstock jobs delete " + id + ")");
        registry.jobs()
                .deleteJob(DeleteJobRequest.newBuilder().setName(job.getName()).build());
        release("datasets/text", 100);
        release("datasets/text", 100);
        StatusRuntimeException gone = failure(() -> create("text"));
        assertThat(gone.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(gone).hasMessageContaining("datasets/text", "was deleted");
        dataset("text", 200);
        assertThat(create("text").getState()).isEqualTo(JobState.JOB_STATE_QUEUED);
    }

    @Test
    void aTokenizerOfAVersionIsNotReleasedAndAReleasedOneIsRejected() {
        registry.register("base", Version.newBuilder().setTokenizer("tokenizers/words"));
        assertThat(failure(() -> release("tokenizers/words", 100)))
                .hasMessageContaining("base:1 uses it (rootstock models delete base:1)");
        release("tokenizers/old", 100);
        Version.Builder old = Version.newBuilder().setTokenizer("tokenizers/old");
        assertThat(failure(() -> registry.register("other", old.clone()))
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.NOT_FOUND);
        registry.peers()
                .put(Tokenizer.newBuilder()
                        .setName("tokenizers/old")
                        .setCreateTime(Timestamp.newBuilder().setSeconds(200))
                        .build());
        assertThat(registry.register("other", old.clone()).getTokenizer()).isEqualTo("tokenizers/old");
    }

    @Test
    void invalidRequestsNameTheField() {
        assertThat(failure(() -> release("models/base", 1))).hasMessageContaining("name");
        assertThat(failure(() -> registry.resources()
                        .releaseResource(ReleaseResourceRequest.newBuilder()
                                .setName("datasets/text")
                                .build())))
                .hasMessageContaining("create_time");
    }

    /** Either the job or the release wins; never both. */
    @Test
    void aReleaseAndAConcurrentJobAreDecidedByTheDatabase() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < 20; round++) {
                String name = "race" + round;
                dataset(name, 100);
                List<Future<Boolean>> both = threads.invokeAll(List.of(
                        () -> succeeds(() -> create(name)), () -> succeeds(() -> release("datasets/" + name, 100))));
                assertThat(both.get(0).get()).as(name).isNotEqualTo(both.get(1).get());
                assertThat(registry.jobs()
                                .listJobs(ListJobsRequest.newBuilder()
                                        .setDataset("datasets/" + name)
                                        .build())
                                .getJobsList())
                        .hasSize(both.get(0).get() ? 1 : 0);
            }
        }
    }

    private static boolean succeeds(Runnable call) {
        try {
            call.run();
            return true;
        } catch (StatusRuntimeException e) {
            assertThat(e.getStatus().getCode()).isIn(Status.Code.FAILED_PRECONDITION, Status.Code.NOT_FOUND);
            return false;
        }
    }

    private void dataset(String id, long createSeconds) {
        registry.peers()
                .put(Dataset.newBuilder()
                        .setName("datasets/" + id)
                        .setKind(DatasetKind.DATASET_KIND_PRETRAINING)
                        .setDigest("sha256:" + "a".repeat(64))
                        .setCreateTime(Timestamp.newBuilder().setSeconds(createSeconds))
                        .build());
    }

    private Job create(String dataset) {
        return registry.jobs()
                .createJob(CreateJobRequest.newBuilder()
                        .setSpec(JobSpec.newBuilder()
                                .setTask(Task.TASK_PRETRAIN)
                                .setDataset("datasets/" + dataset)
                                .setOutputModel("models/base"))
                        .build())
                .getJob();
    }

    private void release(String name, long createSeconds) {
        registry.resources()
                .releaseResource(ReleaseResourceRequest.newBuilder()
                        .setName(name)
                        .setCreateTime(Timestamp.newBuilder().setSeconds(createSeconds))
                        .build());
    }

    private static StatusRuntimeException failure(Runnable call) {
        return catchThrowableOfType(StatusRuntimeException.class, call::run);
    }
}
