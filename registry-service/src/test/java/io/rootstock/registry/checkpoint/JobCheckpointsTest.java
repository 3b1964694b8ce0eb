package io.rootstock.registry.checkpoint;

import static io.rootstock.registry.RegistryHarness.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.rootstock.artifacts.Digest;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.RecordedPeers;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.DatabaseServer;
import io.rootstock.registry.storage.RegistryReferences;
import io.rootstock.registry.v1.AcquireRunLeaseRequest;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.DeleteJobRequest;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.RunArtifacts;
import io.rootstock.trainer.v1.RunCheckpoint;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunResolved;
import io.rootstock.trainer.v1.RunState;
import io.rootstock.trainer.v1.StartRunRequest;
import io.rootstock.trainer.v1.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobCheckpointsTest {
    private static final RunResolved RESOLVED = RunResolved.newBuilder()
            .setHyperparameters(Hyperparameters.newBuilder().setSeed(7).setCheckpointsKept(2))
            .setStartStep(5)
            .build();

    @TempDir
    private Path scratch;

    private RegistryHarness registry;
    private RecordedPeers peers;
    private Database database;
    private String run;

    @BeforeEach
    void start() {
        registry = new RegistryHarness(scratch);
        database = Database.open(new DatabaseServer.External(registry.source()));
        peers = registry.peers();
        peers.put(Dataset.newBuilder()
                .setName("datasets/text")
                .setKind(DatasetKind.DATASET_KIND_PRETRAINING)
                .setTokenizer("tokenizers/bytes")
                .setDigest(digest(99))
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
        peers.emit(run, RunEvent.newBuilder().setResolved(RESOLVED));
    }

    @AfterEach
    void stop() {
        database.close();
        registry.close();
    }

    @Test
    void theNewestAndTheBestCheckpointAreKeptAndReferred() {
        emit(10, digest(10), false);
        emit(20, digest(20), true);
        emit(30, "", false);
        emit(40, digest(40), false);
        emit(50, digest(50), false);
        eventually(() -> steps().contains(50L));
        assertThat(steps()).containsExactly(50L, 40L, 20L);
        assertThat(references()).contains(digest(50), digest(40), digest(20)).doesNotContain(digest(10));
        emit(60, digest(60), true);
        eventually(() -> steps().contains(60L));
        assertThat(steps()).containsExactly(60L, 50L);
    }

    @Test
    void aRunThatTheTrainerLostContinuesFromItsStoredCheckpoints() {
        emit(10, digest(10), false);
        emit(20, digest(20), false);
        eventually(() -> steps().size() == 2);
        long lease = registry.leases()
                .acquireRunLease(AcquireRunLeaseRequest.newBuilder()
                        .setJob("jobs/" + run)
                        .setHolder("worker")
                        .build())
                .getLease();
        peers.lose(run);
        peers.stopServing();
        peers.startServing();
        eventually(() -> peers.starts().size() == 2);
        StartRunRequest first = peers.starts().getFirst();
        assertThat(first.getCheckpointsList()).isEmpty();
        assertThat(first.hasResolved()).isFalse();
        StartRunRequest again = peers.starts().getLast();
        assertThat(again.getSpec()).isEqualTo(first.getSpec());
        assertThat(again.getResolved()).isEqualTo(RESOLVED);
        assertThat(again.getCheckpointsList())
                .extracting(RunCheckpoint::getStep, RunCheckpoint::getDigest)
                .containsExactly(tuple(20L, digest(20)), tuple(10L, digest(10)));
        assertThat(again.getLease()).isEqualTo(lease);

        peers.emit(run, RunState.RUN_STATE_RUNNING);
        emit(30, digest(30), false);
        eventually(() -> steps().equals(List.of(30L, 20L)));
    }

    @Test
    void aSucceededJobKeepsItsNewestCheckpointUntilItIsDeleted() {
        emit(10, digest(10), false);
        emit(20, digest(20), false);
        peers.emit(
                run,
                RunEvent.newBuilder()
                        .setArtifacts(RunArtifacts.newBuilder()
                                .addArtifacts(registry.directory("model"))
                                .addArtifacts(registry.file(ArtifactKind.ARTIFACT_KIND_GGUF_F32, "gguf"))));
        peers.emit(run, RunState.RUN_STATE_SUCCEEDED);
        eventually(() -> state() == JobState.JOB_STATE_SUCCEEDED);
        assertThat(steps()).containsExactly(20L);
        assertThat(references()).contains(digest(20));
        registry.jobs()
                .deleteJob(DeleteJobRequest.newBuilder().setName("jobs/" + run).build());
        assertThat(steps()).isEmpty();
    }

    private JobState state() {
        return registry.jobs()
                .getJob(GetJobRequest.newBuilder().setName("jobs/" + run).build())
                .getJob()
                .getState();
    }

    private void emit(long step, String digest, boolean best) {
        peers.emit(
                run,
                RunEvent.newBuilder()
                        .setCheckpoint(RunCheckpoint.newBuilder()
                                .setStep(step)
                                .setBytes(1000)
                                .setBest(best)
                                .setDigest(digest)));
    }

    private List<Long> steps() {
        return database.read(connection -> JobCheckpoints.of(connection, run)).stream()
                .map(RunCheckpoint::getStep)
                .toList();
    }

    private Set<String> references() {
        return database.read(RegistryReferences::read).digests().stream()
                .map(Digest::value)
                .collect(Collectors.toSet());
    }

    private static String digest(long number) {
        return "sha256:"
                + Stream.generate(() -> String.format(Locale.ROOT, "%02d", number))
                        .limit(32)
                        .collect(Collectors.joining());
    }
}
