package io.rootstock.registry.deletion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.v1.AliasCanary;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.DeleteAliasRequest;
import io.rootstock.registry.v1.DeleteJobRequest;
import io.rootstock.registry.v1.DeleteModelRequest;
import io.rootstock.registry.v1.DeleteVersionRequest;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.GetModelRequest;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.ListAliasHistoryRequest;
import io.rootstock.registry.v1.RollbackAliasRequest;
import io.rootstock.registry.v1.SetAliasCanaryRequest;
import io.rootstock.registry.v1.SetAliasRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.WatchAliasesRequest;
import io.rootstock.registry.v1.WatchAliasesResponse;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.trainer.v1.RunState;
import io.rootstock.trainer.v1.Task;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelDeletionTest {
    @TempDir
    private Path scratch;

    private RegistryHarness registry;

    @BeforeEach
    void start() {
        registry = new RegistryHarness(scratch);
        registry.peers()
                .put(Dataset.newBuilder()
                        .setName("datasets/spam")
                        .setKind(DatasetKind.DATASET_KIND_CLASSIFICATION)
                        .setDigest("sha256:" + "a".repeat(64))
                        .build());
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void aVersionIsDeletedAndItsNumberIsNotUsedAgain() {
        registry.register("base");
        registry.register("base", Version.newBuilder().putMetrics("accuracy", 1));
        deleteVersion("base", 2);
        assertThat(code(() -> version("base:2"))).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(code(() -> deleteVersion("base", 2))).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(version("base@latest").getName()).isEqualTo("models/base/versions/1");
        assertThat(latest("base")).isEqualTo(1);
        assertThat(registry.register("base").getName()).isEqualTo("models/base/versions/3");
    }

    @Test
    void aVersionThatAnAliasPointsToIsKeptUntilTheAliasIsDeleted() {
        registry.register("base");
        registry.register("base");
        alias("base", "production", 1);
        registry.models()
                .setAliasCanary(SetAliasCanaryRequest.newBuilder()
                        .setName("models/base/aliases/production")
                        .setCanary(AliasCanary.newBuilder()
                                .setVersion("models/base/versions/2")
                                .setPercent(10))
                        .build());
        assertThat(refusal(() -> deleteVersion("base", 1)))
                .contains("the alias production points to it", "rootstock models demote base");
        assertThat(refusal(() -> deleteVersion("base", 2)))
                .contains("canary of the alias production", "rootstock models canary base --clear");
        deleteAlias("base", "production");
        assertThat(code(() -> version("base@production"))).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(code(() -> deleteAlias("base", "production"))).isEqualTo(Status.Code.NOT_FOUND);
        deleteVersion("base", 1);
        deleteVersion("base", 2);
        assertThat(latest("base")).isZero();
    }

    @Test
    void aRollbackToADeletedVersionIsRefused() {
        registry.register("base");
        registry.register("base");
        alias("base", "production", 1);
        alias("base", "production", 2);
        deleteVersion("base", 1);
        assertThat(refusal(() -> registry.models()
                        .rollbackAlias(RollbackAliasRequest.newBuilder()
                                .setName("models/base/aliases/production")
                                .build())))
                .contains("models/base/versions/1", "was deleted");
        assertThat(version("base@production").getName()).isEqualTo("models/base/versions/2");
    }

    @Test
    void aVersionWithDescendantsOrUnfinishedJobsIsKept() {
        registry.register("base");
        registry.register("tuned", Version.newBuilder().setParent("models/base/versions/1"));
        Job job = fineTune("base");
        String id = job.getName().substring("jobs/".length());
        RegistryHarness.eventually(() -> registry.peers().hasRun(id));
        assertThat(refusal(() -> deleteVersion("base", 1)))
                .contains("tuned:1 was fine-tuned from it (rootstock models delete tuned:1)")
                .contains(job.getName() + " starts from it and is QUEUED (rootstock jobs cancel " + id);
        assertThat(refusal(() -> deleteModel("base", true))).contains("tuned:1", job.getName());
        registry.peers().emit(id, RunState.RUN_STATE_FAILED);
        RegistryHarness.eventually(() -> state(job) == JobState.JOB_STATE_FAILED);
        deleteVersion("tuned", 1);
        assertThat(refusal(() -> deleteVersion("base", 1))).contains("is FAILED (rootstock jobs delete " + id + ")");
        registry.jobs()
                .deleteJob(DeleteJobRequest.newBuilder().setName(job.getName()).build());
        deleteVersion("base", 1);
        assertThat(latest("base")).isZero();
    }

    @Test
    void aModelIsDeletedWithItsVersionsAndAliasesAndItsNameCanBeUsedAgain() {
        registry.register("base");
        registry.register("base", Version.newBuilder().setParent("models/base/versions/1"));
        alias("base", "production", 1);
        alias("base", "production", 2);
        assertThat(refusal(() -> deleteModel("base", false)))
                .contains("models/base has 2 versions and the aliases production", "--force");
        deleteModel("base", true);
        assertThat(code(() -> latest("base"))).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(code(() -> deleteModel("base", true))).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(registry.register("base").getName()).isEqualTo("models/base/versions/1");
        assertThat(code(() -> version("base@production"))).isEqualTo(Status.Code.NOT_FOUND);
        alias("base", "production", 1);
        assertThat(history("base")).containsExactly("models/base/versions/1", "");
        deleteModel("base", true);
    }

    @Test
    void aWatcherIsToldOfADeletedAlias() {
        registry.register("base");
        alias("base", "production", 1);
        Iterator<WatchAliasesResponse> watch = registry.models().watchAliases(WatchAliasesRequest.getDefaultInstance());
        assertThat(watch.next().getVersion().getName()).isEqualTo("models/base/versions/1");
        assertThat(watch.next().getSynchronized()).isTrue();
        deleteModel("base", true);
        WatchAliasesResponse deleted = watch.next();
        assertThat(deleted.getDeletedAlias()).isEqualTo("models/base/aliases/production");
        assertThat(deleted.hasAlias()).isFalse();
        registry.register("base");
        alias("base", "production", 1);
        assertThat(watch.next().getAlias().getName()).isEqualTo("models/base/aliases/production");
    }

    /** Either the deletion or the reference wins, and the loser gets an error that says so. */
    @Test
    void aDeletionAndAConcurrentReferenceAreDecidedByTheDatabase() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < 30; round++) {
                String model = "race" + round;
                registry.register(model);
                int kind = round % 3;
                Callable<Void> reference = () -> {
                    switch (kind) {
                        case 0 -> alias(model, "production", 1);
                        case 1 ->
                            registry.register("child", Version.newBuilder().setParent(model + ":1"));
                        default -> fineTune(model);
                    }
                    return null;
                };
                List<Future<Void>> both = threads.invokeAll(List.of(reference, () -> {
                    deleteVersion(model, 1);
                    return null;
                }));
                Status.Code referred = codeOf(both.get(0));
                Status.Code deleted = codeOf(both.get(1));
                if (deleted == Status.Code.OK) {
                    assertThat(referred).as(model).isEqualTo(Status.Code.NOT_FOUND);
                    assertThat(latest(model)).isZero();
                } else {
                    assertThat(deleted).as(model).isEqualTo(Status.Code.FAILED_PRECONDITION);
                    assertThat(referred).as(model).isEqualTo(Status.Code.OK);
                    assertThat(latest(model)).isEqualTo(1);
                }
            }
        }
    }

    private Job fineTune(String base) {
        return registry.jobs()
                .createJob(CreateJobRequest.newBuilder()
                        .setSpec(JobSpec.newBuilder()
                                .setTask(Task.TASK_CLASSIFICATION)
                                .setDataset("datasets/spam")
                                .setBase(base + ":1")
                                .setOutputModel("models/spam"))
                        .build())
                .getJob();
    }

    private JobState state(Job job) {
        return registry.jobs()
                .getJob(GetJobRequest.newBuilder().setName(job.getName()).build())
                .getJob()
                .getState();
    }

    private void deleteVersion(String model, int number) {
        registry.models()
                .deleteVersion(DeleteVersionRequest.newBuilder()
                        .setName("models/" + model + "/versions/" + number)
                        .build());
    }

    private void deleteModel(String model, boolean force) {
        registry.models()
                .deleteModel(DeleteModelRequest.newBuilder()
                        .setName("models/" + model)
                        .setForce(force)
                        .build());
    }

    private void deleteAlias(String model, String alias) {
        registry.models()
                .deleteAlias(DeleteAliasRequest.newBuilder()
                        .setName("models/" + model + "/aliases/" + alias)
                        .build());
    }

    private void alias(String model, String alias, int number) {
        registry.models()
                .setAlias(SetAliasRequest.newBuilder()
                        .setName("models/" + model + "/aliases/" + alias)
                        .setVersion("models/" + model + "/versions/" + number)
                        .build());
    }

    private List<String> history(String model) {
        return registry
                .models()
                .listAliasHistory(ListAliasHistoryRequest.newBuilder()
                        .setName("models/" + model + "/aliases/production")
                        .build())
                .getMovesList()
                .stream()
                .map(move -> move.getToVersion())
                .toList();
    }

    private Version version(String name) {
        return registry.models()
                .getVersion(GetVersionRequest.newBuilder().setName(name).build())
                .getVersion();
    }

    private long latest(String model) {
        return registry.models()
                .getModel(
                        GetModelRequest.newBuilder().setName("models/" + model).build())
                .getModel()
                .getLatestVersion();
    }

    private static Status.Code codeOf(Future<Void> call) throws InterruptedException {
        return switch (call.state()) {
            case SUCCESS -> Status.Code.OK;
            case FAILED -> Status.fromThrowable(call.exceptionNow()).getCode();
            case RUNNING, CANCELLED -> throw new AssertionError(call);
        };
    }

    private static Status.Code code(Runnable call) {
        return catchThrowableOfType(StatusRuntimeException.class, call::run)
                .getStatus()
                .getCode();
    }

    /** The message of a FAILED_PRECONDITION. */
    private static String refusal(Runnable call) {
        Status status =
                catchThrowableOfType(StatusRuntimeException.class, call::run).getStatus();
        assertThat(status.getCode()).as(status.getDescription()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        return status.getDescription();
    }
}
