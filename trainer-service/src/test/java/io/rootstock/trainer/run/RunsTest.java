package io.rootstock.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.rootstock.artifacts.Digest;
import io.rootstock.collectives.EngineMissingException;
import io.rootstock.collectives.MpiLauncher;
import io.rootstock.files.FileTree;
import io.rootstock.service.Pruning;
import io.rootstock.storage.v1.PrunedGroup;
import io.rootstock.trainer.checkpoint.Checkpoints;
import io.rootstock.trainer.data.Datasets;
import io.rootstock.trainer.events.EventLog;
import io.rootstock.trainer.plan.RefusedSpecException;
import io.rootstock.trainer.process.ContainerMemory;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Run;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunResolved;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests runs with real workers; closing {@link Runs} while a worker is running simulates a killed service. */
class RunsTest {
    @TempDir
    Path home;

    private TrainerFixture trainer;
    private Digest dataset;
    private Runs runs;

    @BeforeEach
    void prepare() throws IOException {
        trainer = new TrainerFixture(home);
        dataset = Datasets.documents(trainer.store(), 300);
        runs = open(trainer.launcher());
    }

    @AfterEach
    void stop() throws InterruptedException {
        runs.stopWorkers(Duration.ofSeconds(30));
        runs.close();
    }

    @Test
    void aQueuedRunIsTrainedToItsEndAndKeepsNoFileOpen() throws Exception {
        RunSpec spec = TrainerFixture.tiny(dataset, 30);
        Run run = runs.start("one", spec);
        assertThat(run.getState()).isEqualTo(RunState.RUN_STATE_QUEUED);
        assertThat(run.getQueuePosition()).isEqualTo(1);
        assertThat(runs.start("one", spec).getRunId()).as("started again").isEqualTo("one");
        assertThat(conflict(() -> runs.start("one", TrainerFixture.tiny(dataset, 7))))
                .isEqualTo(RunConflictException.Kind.OTHER_SPEC);
        assertThat(runs.list()).hasSize(1);
        await("one", RunState.RUN_STATE_SUCCEEDED);
        List<RunEvent> events = EventLog.readAll(runs.directory("one").events());
        assertThat(states("one"))
                .containsExactly(RunState.RUN_STATE_QUEUED, RunState.RUN_STATE_RUNNING, RunState.RUN_STATE_SUCCEEDED);
        assertThat(events).anyMatch(RunEvent::hasArtifacts).anyMatch(RunEvent::hasProgress);
        for (int i = 0; i < events.size(); i++) {
            assertThat(events.get(i).getSequence()).isEqualTo(i + 1);
        }
        assertThat(runs.get("one").getLastSequence()).isEqualTo(events.size());

        TrainerFixture.await(runs.directory("one"), () -> openFiles("one").isEmpty());
        runs.close();
        runs = open(trainer.launcher());
        assertThat(runs.get("one").getLastSequence()).isEqualTo(events.size());
        assertThat(runs.get("one").getSpec()).isEqualTo(spec);
        assertThat(openFiles("one")).isEmpty();

        // A run without its directory is lost; one that was never accepted is unknown.
        Path directory = runs.directory("one").path();
        runs.close();
        FileTree.delete(directory);
        runs = open(trainer.launcher());
        assertThat(conflict(() -> runs.get("one"))).isEqualTo(RunConflictException.Kind.LOST_RUN);
        assertThat(conflict(() -> runs.resume("one", 0, 0))).isEqualTo(RunConflictException.Kind.LOST_RUN);
        assertThat(conflict(() -> runs.get("two"))).isEqualTo(RunConflictException.Kind.UNKNOWN_RUN);
        runs.delete("one");
        assertThat(conflict(() -> runs.get("one"))).isEqualTo(RunConflictException.Kind.UNKNOWN_RUN);
    }

    private List<Path> openFiles(String runId) {
        List<Path> open = new ArrayList<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                try {
                    Path file = Files.readSymbolicLink(descriptor);
                    if (file.startsWith(runs.directory(runId).path())) {
                        open.add(file);
                    }
                } catch (IOException closed) {
                    // Another thread closed it after it was listed.
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return open;
    }

    @Test
    @Tag("fault")
    void aWorkerIsEndedBeforeTheKernelEndsTheWholeContainer() throws Exception {
        runs.start("one", TrainerFixture.tiny(dataset, 2000));
        awaitCheckpoint("one", 5);
        Path cgroup = Files.createDirectories(home.resolve("cgroup"));
        Files.writeString(cgroup.resolve("memory.max"), "1000\n");
        Files.writeString(cgroup.resolve("memory.stat"), "anon 990\ninactive_file 10\n");
        Files.writeString(cgroup.resolve("memory.current"), "990\n");
        Files.writeString(cgroup.resolve("memory.oom.group"), "1\n");
        TrainerFixture.await(
                runs.directory("one"),
                () -> states("one").stream()
                                .filter(RunState.RUN_STATE_QUEUED::equals)
                                .count()
                        > 1);
        Files.writeString(cgroup.resolve("memory.current"), "980\n");
        awaitCheckpoint("one", 100);
        String reason = EventLog.readAll(runs.directory("one").events()).stream()
                .filter(event -> event.hasStateChanged()
                        && event.getStateChanged().getMessage().contains("out of memory"))
                .findFirst()
                .orElseThrow()
                .getStateChanged()
                .getMessage();
        assertThat(reason).contains("starts again with less");
    }

    @Test
    @Tag("fault")
    void anEndThatCannotBeRecordedNowIsRecordedAndAnnouncedLater() throws Exception {
        runs.start("one", TrainerFixture.tiny(dataset, 300));
        awaitCheckpoint("one", 5);
        Path record = runs.directory("one").state();
        Files.delete(record);
        Files.createDirectories(record.resolve("occupied"));
        TrainerFixture.await(
                runs.directory("one"), () -> Files.exists(runs.directory("one").outcome()));
        String partial = "." + record.getFileName();
        try (WatchService watch = record.getFileSystem().newWatchService()) {
            WatchKey created = record.getParent().register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            AtomicLong attempts = new AtomicLong();
            // The second attempt begins after the first one has failed.
            TrainerFixture.await(
                    runs.directory("one"),
                    () -> attempts.addAndGet(created.pollEvents().stream()
                                    .filter(event ->
                                            String.valueOf(event.context()).startsWith(partial))
                                    .count())
                            >= 2);
        }
        assertThat(runs.get("one").getState()).isEqualTo(RunState.RUN_STATE_RUNNING);
        FileTree.delete(record);
        await("one", RunState.RUN_STATE_SUCCEEDED);
        assertThat(states("one")).endsWith(RunState.RUN_STATE_SUCCEEDED);
    }

    @Test
    void aStateThatCannotBeAnnouncedNowIsAnnouncedLater() throws Exception {
        RunDirectory directory = new RunDirectory(Files.createDirectories(home.resolve("other")));
        RunRecord.queued(1).write(directory.state());
        RunHandle run = new RunHandle(directory, new ProcessWorkers(trainer.launcher()));
        Files.createDirectories(directory.events().resolve("occupied"));
        run.announce();
        assertThat(run.state().state()).isEqualTo(RunState.RUN_STATE_QUEUED);
        FileTree.delete(directory.events());
        run.announcePending();
        run.announcePending();
        assertThat(run.announced()).isEqualTo(RunState.RUN_STATE_QUEUED);
        assertThat(EventLog.readAll(directory.events())).hasSize(1);
        run.close();
    }

    @Test
    @Tag("fault")
    void aRestartedServiceAdoptsARunningWorkerAndRestartsItFromItsCheckpointIfItIsKilled() throws Exception {
        runs.start("one", TrainerFixture.tiny(dataset, 100_000));
        awaitCheckpoint("one", 5);
        long worker =
                WorkerLock.holder(runs.directory("one").lock()).orElseThrow().pid();
        runs.close();
        Files.writeString(runs.directory("one").events(), "{\"sequence\": \"99", StandardOpenOption.APPEND);
        runs = open(trainer.launcher());
        awaitCheckpoint("one", 50);
        assertThat(WorkerLock.holder(runs.directory("one").lock()).orElseThrow().pid())
                .isEqualTo(worker);
        assertThat(runs.get("one").getState()).isEqualTo(RunState.RUN_STATE_RUNNING);

        Checkpoints checkpoints = new Checkpoints(runs.directory("one").checkpoints());
        long stored = checkpoints.steps().getFirst();
        kill("one");
        awaitCheckpoint("one", checkpoints.steps().getFirst() + 50);
        assertThat(states("one")).contains(RunState.RUN_STATE_QUEUED).endsWith(RunState.RUN_STATE_RUNNING);
        List<RunEvent> starts = EventLog.readAll(runs.directory("one").events()).stream()
                .filter(RunEvent::hasResolved)
                .toList();
        assertThat(starts.getLast().getResolved().getStartStep()).isGreaterThanOrEqualTo(stored);
        runs.pause("one", 0);
        await("one", RunState.RUN_STATE_PAUSED);
    }

    @Test
    @Tag("fault")
    void aRunResumesAfterServiceAndWorkerAreKilled() throws Exception {
        runs.start("one", TrainerFixture.tiny(dataset, 100_000));
        awaitCheckpoint("one", 5);
        runs.close();
        kill("one");
        runs = open(trainer.launcher());
        awaitCheckpoint("one", 50);
        assertThat(runs.get("one").getState()).isEqualTo(RunState.RUN_STATE_RUNNING);
    }

    @Test
    @Tag("fault")
    void commandsStopAndRestartTheWorkerAndOneOlderThanTheLastIsRejected() throws Exception {
        runs.start("one", TrainerFixture.tiny(dataset, 100_000));
        awaitCheckpoint("one", 5);
        runs.pause("one", 7);
        await("one", RunState.RUN_STATE_PAUSED);
        runs.resume("one", 8, 0);
        assertThat(conflict(() -> runs.pause("one", 7))).isEqualTo(RunConflictException.Kind.STALE_COMMAND);
        runs.close();
        runs = open(trainer.launcher());
        assertThat(conflict(() -> runs.cancel("one", 7))).isEqualTo(RunConflictException.Kind.STALE_COMMAND);
        assertThat(runs.resume("one", 8, 0).getState()).isIn(RunState.RUN_STATE_QUEUED, RunState.RUN_STATE_RUNNING);
        runs.cancel("one", 9);
        await("one", RunState.RUN_STATE_CANCELLED);
        assertThat(WorkerLock.isFree(runs.directory("one").lock())).isTrue();
        assertThat(runs.cancel("one", 0).getState()).isEqualTo(RunState.RUN_STATE_CANCELLED);
        long step = new Checkpoints(runs.directory("one").checkpoints()).steps().getFirst();
        runs.resume("one", 0, 0);
        awaitCheckpoint("one", step + 1);
    }

    @Test
    void anEndedRunIsPrunedAndDeletedAndARunningOneIsNot() throws Exception {
        runs.start("one", TrainerFixture.tiny(dataset, 30));
        await("one", RunState.RUN_STATE_SUCCEEDED);
        RunDirectory directory = runs.directory("one");
        List<String> artifacts = EventLog.readAll(directory.events()).stream()
                .flatMap(event -> event.getArtifacts().getArtifactsList().stream())
                .map(Artifact::getDigest)
                .toList();
        assertThat(references()).containsAll(artifacts).doesNotContain(dataset.value());
        assertThat(runs.activity()).isEmpty();

        assertThat(pruned(true, Instant.now().minusSeconds(3600))).isZero();
        long bytes = pruned(false, Instant.now().plusSeconds(10));
        assertThat(bytes).isPositive();
        assertThat(directory.checkpoints()).exists();
        assertThat(pruned(true, Instant.now().plusSeconds(10))).isEqualTo(bytes);
        assertThat(directory.checkpoints()).doesNotExist();
        assertThat(directory.work()).doesNotExist();
        assertThat(runs.get("one").getState()).isEqualTo(RunState.RUN_STATE_SUCCEEDED);

        runs.start("two", TrainerFixture.tiny(dataset, 100_000));
        awaitCheckpoint("two", 5);
        assertThat(references()).contains(dataset.value());
        assertThat(runs.activity())
                .hasValueSatisfying(start -> assertThat(start).isBefore(Instant.now()));
        assertThat(pruned(true, Instant.now().plusSeconds(10))).isZero();
        assertThatThrownBy(() -> runs.delete("two"))
                .isInstanceOf(RunConflictException.class)
                .hasMessageContaining("cancel it first");
        runs.cancel("two", 0);
        await("two", RunState.RUN_STATE_CANCELLED);
        assertThat(pruned(true, Instant.now().plusSeconds(10))).isNotNegative();
        assertThat(new Checkpoints(runs.directory("two").checkpoints()).steps()).isNotEmpty();
        runs.delete("two");
        runs.delete("one");
        assertThat(runs.list()).isEmpty();
        assertThat(directory.path()).doesNotExist();
        assertThatThrownBy(() -> runs.resume("two", 0, 0))
                .isInstanceOfSatisfying(
                        RunConflictException.class,
                        e -> assertThat(e.kind()).isEqualTo(RunConflictException.Kind.UNKNOWN_RUN));
        runs.close();
        runs = open(trainer.launcher());
        assertThat(runs.list()).isEmpty();
    }

    @Test
    @Tag("matrix")
    void anExtendedRunEqualsALongerOne() throws Exception {
        RunSpec half = constantRate(20);
        RunSpec whole = constantRate(40);
        runs.start("half", half);
        runs.start("whole", whole);
        RunSpec extension = half.toBuilder()
                .setExtendedRunId("half")
                .setHyperparameters(Hyperparameters.newBuilder()
                        .setTokens(whole.getHyperparameters().getTokens()))
                .build();
        assertConflict(RunConflictException.Kind.WRONG_STATE, extension);
        await("half", RunState.RUN_STATE_SUCCEEDED);
        assertConflict(
                RunConflictException.Kind.UNKNOWN_RUN,
                extension.toBuilder().setExtendedRunId("unknown").build());
        RunSpec.Builder wider = extension.toBuilder();
        wider.getArchitectureBuilder().setDimension(64);
        assertThatThrownBy(() -> runs.start("next", wider.build()))
                .isInstanceOf(RefusedSpecException.class)
                .hasMessageContaining("must be those of the extended run");
        assertThat(runs.extended(extension))
                .isEqualTo(runs.directory("half").readResolved().orElseThrow());
        runs.start("extended", extension);
        runs.delete("half");
        await("extended", RunState.RUN_STATE_SUCCEEDED);
        await("whole", RunState.RUN_STATE_SUCCEEDED);

        RunDirectory directory = runs.directory("extended");
        RunResolved resolved = EventLog.readAll(directory.events()).stream()
                .filter(RunEvent::hasResolved)
                .map(RunEvent::getResolved)
                .findFirst()
                .orElseThrow();
        assertThat(resolved.getStartStep()).isEqualTo(20);
        assertThat(resolved.getHyperparameters().getSeed()).isEqualTo(3);
        assertThat(TrainerFixture.lastEvaluation(directory, "validation").getLoss())
                .isEqualTo(TrainerFixture.lastEvaluation(runs.directory("whole"), "validation")
                        .getLoss());
        assertThat(artifacts("extended")).isNotEmpty().isEqualTo(artifacts("whole"));

        pruned(true, Instant.now().plusSeconds(10));
        assertConflict(
                RunConflictException.Kind.WRONG_STATE,
                extension.toBuilder().setExtendedRunId("whole").build());
        assertThat(runs.list()).hasSize(2);
    }

    @Test
    void aRunContinuesFromAnyKeptCheckpointOfARunInAnyState() throws Exception {
        RunSpec.Builder spec = constantRate(10_000).toBuilder();
        spec.getHyperparametersBuilder().setCheckpointsKept(3);
        runs.start("one", spec.build());
        awaitCheckpoint("one", 10);
        runs.cancel("one", 0);
        await("one", RunState.RUN_STATE_CANCELLED);
        List<Long> steps = new Checkpoints(runs.directory("one").checkpoints()).steps();
        assertThat(steps).hasSizeGreaterThan(1);
        long step = steps.getLast();
        long tokens = (step + 20) * 4 * 32;
        RunSpec.Builder branch = spec.build().toBuilder()
                .setExtendedRunId("one")
                .setExtendedStep(step)
                .setHyperparameters(
                        Hyperparameters.newBuilder().setTokens(tokens).setLearningRate(0.001));
        assertThatThrownBy(() ->
                        runs.start("two", branch.clone().setExtendedStep(3).build()))
                .isInstanceOf(RefusedSpecException.class)
                .hasMessageContaining("extended_step")
                .hasMessageContaining("steps: " + steps);
        runs.start("two", branch.build());
        await("two", RunState.RUN_STATE_SUCCEEDED);
        RunResolved resolved = lastResolved("two");
        assertThat(resolved.getStartStep()).isEqualTo(step);
        assertThat(resolved.getHyperparameters().getLearningRate()).isEqualTo(0.001);
        assertThat(resolved.getHyperparameters().getTokens()).isEqualTo(tokens);
    }

    private void assertConflict(RunConflictException.Kind kind, RunSpec spec) {
        assertThatThrownBy(() -> runs.start("next", spec))
                .isInstanceOfSatisfying(
                        RunConflictException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    private RunSpec constantRate(int steps) {
        RunSpec.Builder spec = TrainerFixture.tiny(dataset, steps).toBuilder();
        spec.getHyperparametersBuilder().setWarmupFraction(0).setDecayFraction(0);
        return spec.build();
    }

    private List<Artifact> artifacts(String runId) {
        return EventLog.readAll(runs.directory(runId).events()).stream()
                .flatMap(event -> event.getArtifacts().getArtifactsList().stream())
                .toList();
    }

    private long pruned(boolean apply, Instant limit) {
        return runs.prune(new Pruning(apply, limit)).stream()
                .mapToLong(PrunedGroup::getBytes)
                .sum();
    }

    private List<String> references() {
        List<String> digests = new ArrayList<>();
        runs.references((run, digest) -> digests.add(digest));
        return digests;
    }

    @Test
    void runsAreQueuedInOrder() throws Exception {
        runs.start("first", TrainerFixture.tiny(dataset, 100_000));
        awaitCheckpoint("first", 5);
        runs.start("second", TrainerFixture.tiny(dataset, 20));
        runs.start("third", TrainerFixture.tiny(dataset, 20));
        assertThat(runs.get("second").getQueuePosition()).isEqualTo(1);
        assertThat(runs.get("third").getQueuePosition()).isEqualTo(2);
        assertThat(runs.pause("third", 0).getState()).isEqualTo(RunState.RUN_STATE_PAUSED);
        runs.pause("first", 0);
        await("second", RunState.RUN_STATE_SUCCEEDED);
        assertThat(runs.get("first").getState()).isEqualTo(RunState.RUN_STATE_PAUSED);
        assertThatThrownBy(() -> runs.resume("second", 0, 0)).isInstanceOf(RunConflictException.class);
    }

    @Test
    @Tag("fault")
    void repeatedWorkerFailuresNeedRecovery() throws Exception {
        runs.close();
        runs = open((directory, ranks) -> {
            try {
                return new ProcessBuilder("false").start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        runs.start("one", TrainerFixture.tiny(dataset, 20));
        await("one", RunState.RUN_STATE_NEEDS_RECOVERY);
        assertThat(states("one")).filteredOn(RunState.RUN_STATE_RUNNING::equals).hasSize(4);
        runs.close();
        runs = open(trainer.launcher());
        runs.resume("one", 0, 0);
        await("one", RunState.RUN_STATE_SUCCEEDED);
    }

    @Test
    @Tag("matrix")
    void losingAProcessRestartsTheRunWhichCanResumeWithMoreProcesses() throws Exception {
        try {
            MpiLauncher.HYDRA.check();
        } catch (EngineMissingException e) {
            Assumptions.abort(e.getMessage());
        }
        RunSpec.Builder spec = TrainerFixture.tiny(dataset, 100_000).toBuilder();
        spec.getHyperparametersBuilder().setThreads(1).setRanks(2);
        runs.start("one", spec.build());
        awaitCheckpoint("one", 5);
        RunDirectory directory = runs.directory("one");
        ProcessHandle first = WorkerLock.holder(directory.lock()).orElseThrow();
        WorkerLock.holder(directory.ofRank(1).lock()).orElseThrow().destroyForcibly();
        long lostAt = new Checkpoints(directory.checkpoints()).steps().getFirst();
        awaitCheckpoint("one", lostAt + 20);
        assertThat(first.isAlive()).isFalse();
        assertThat(states("one")).contains(RunState.RUN_STATE_QUEUED).endsWith(RunState.RUN_STATE_RUNNING);
        assertThat(runs.get("one").getMessage()).doesNotContain("deaths");

        runs.pause("one", 0);
        await("one", RunState.RUN_STATE_PAUSED);
        runs.resume("one", 0, 3);
        awaitCheckpoint("one", lostAt + 60);
        assertThat(WorkerLock.holder(directory.ofRank(2).lock())).isPresent();
        assertThat(lastResolved("one").getHyperparameters().getRanks()).isEqualTo(3);
        runs.pause("one", 0);
        await("one", RunState.RUN_STATE_PAUSED);
        long pausedAt = new Checkpoints(directory.checkpoints()).steps().getFirst();
        runs.resume("one", 0, 0);
        // Once all processes train, they hold their locks and can be stopped.
        awaitCheckpoint("one", pausedAt + 1);
        assertThat(RunRecord.read(directory.state()).ranks()).isEqualTo(3);
    }

    @Test
    void recordsWithoutRanksAreRead() throws Exception {
        Path file = home.resolve("state.json");
        Files.writeString(file, """
                {"state":"RUN_STATE_PAUSED","message":"m","createdMillis":1,"queuedMillis":2,"desiredState":"RUNNING",
                 "failures":0,"checkpointStep":7}""");
        assertThat(RunRecord.read(file))
                .isEqualTo(new RunRecord(
                        RunState.RUN_STATE_PAUSED, "m", 1, 2, RunRecord.DesiredState.RUNNING, 0, 7, 0, 0, 0, 0));
    }

    @Test
    void recordsWithAPendingRequestAreRead() throws Exception {
        Path file = home.resolve("state.json");
        Files.writeString(file, """
                {"state":"RUN_STATE_RUNNING","message":"m","createdMillis":1,"queuedMillis":2,"wish":"PAUSE",
                 "failures":0,"checkpointStep":7,"ranks":2}""");
        assertThat(RunRecord.read(file))
                .isEqualTo(new RunRecord(
                        RunState.RUN_STATE_RUNNING, "m", 1, 2, RunRecord.DesiredState.PAUSED, 0, 7, 2, 0, 0, 0));
    }

    private RunResolved lastResolved(String runId) {
        return EventLog.readAll(runs.directory(runId).events()).stream()
                .filter(RunEvent::hasResolved)
                .map(RunEvent::getResolved)
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    private Runs open(ProcessWorker.Launcher launcher) {
        return new Runs(
                trainer.runs(),
                new ProcessWorkers(launcher),
                1,
                10,
                Restarts.atOnce(3),
                new ContainerMemory(home.resolve("cgroup")));
    }

    private void kill(String runId) throws Exception {
        ProcessHandle worker = WorkerLock.holder(trainer.runs().resolve(runId).resolve("worker.lock"))
                .orElseThrow();
        worker.destroyForcibly();
        worker.onExit().get();
    }

    private void await(String runId, RunState state) throws InterruptedException {
        TrainerFixture.await(runs.directory(runId), () -> runs.get(runId).getState() == state);
        TrainerFixture.await(runs.directory(runId), () -> states(runId).getLast() == state);
    }

    private void awaitCheckpoint(String runId, long step) throws InterruptedException {
        Checkpoints checkpoints = new Checkpoints(runs.directory(runId).checkpoints());
        TrainerFixture.await(
                runs.directory(runId),
                () -> !checkpoints.steps().isEmpty() && checkpoints.steps().getFirst() >= step);
    }

    private List<RunState> states(String runId) {
        return EventLog.readAll(runs.directory(runId).events()).stream()
                .filter(RunEvent::hasStateChanged)
                .map(event -> event.getStateChanged().getState())
                .toList();
    }

    private static RunConflictException.Kind conflict(ThrowingCallable call) {
        return catchThrowableOfType(RunConflictException.class, call).kind();
    }
}
