package io.rootstock.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.util.Timestamps;
import io.rootstock.trainer.events.EventLog;
import io.rootstock.trainer.process.ContainerMemory;
import io.rootstock.trainer.run.RunConflictException.Kind;
import io.rootstock.trainer.v1.AttachRunWorkerResponse;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.ReportRunWorkerRequest;
import io.rootstock.trainer.v1.RunCheckpoint;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunMessage;
import io.rootstock.trainer.v1.RunResolved;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.RunState;
import io.rootstock.trainer.v1.RunStateChanged;
import io.rootstock.trainer.v1.RunWorkerExit;
import io.rootstock.trainer.v1.RunWorkerOutcome;
import io.rootstock.trainer.v1.RunWorkerOutcomeKind;
import io.rootstock.trainer.v1.StartRunRequest;
import io.rootstock.trainer.v1.Task;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the reports of remote workers, which are only pretended. */
class WorkerReportsTest {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final RunSpec SPEC = RunSpec.newBuilder()
            .setTask(Task.TASK_PRETRAIN)
            .setDatasetDigest("sha256:" + "a".repeat(64))
            .build();
    private static final RunResolved RESOLVED = RunResolved.newBuilder()
            .setHyperparameters(Hyperparameters.newBuilder().setSeed(7).setCheckpointsKept(2))
            .build();

    @TempDir
    Path home;

    private final Remote remote = new Remote();
    private Runs runs;

    @BeforeEach
    void start() throws InterruptedException {
        runs = open();
        runs.start("one", SPEC);
        await(() -> runs.get("one").getState() == RunState.RUN_STATE_RUNNING);
    }

    @AfterEach
    void stop() {
        runs.close();
    }

    @Test
    void eachEventIsStoredOnceAcrossRestartsWithItsTime() {
        assertThat(attach(3).getStoredSequence()).isZero();
        RunEvent first = message(1, "one").toBuilder()
                .setTime(Timestamps.fromMillis(1234))
                .build();
        assertThat(report(3, first, message(2, "two"))).isEqualTo(2);
        assertThat(report(3, first, message(2, "two"), message(3, "three"))).isEqualTo(3);
        runs.close();
        runs = open();
        assertThat(report(3, message(2, "two"), message(3, "three"), message(4, "four")))
                .isEqualTo(4);
        assertThat(attach(3).getStoredSequence()).isEqualTo(4);
        assertThat(messages())
                .extracting(
                        event -> event.getMessage().getText(),
                        event -> event.getSource().getSequence())
                .containsExactly(tuple("one", 1L), tuple("two", 2L), tuple("three", 3L), tuple("four", 4L));
        assertThat(messages().getFirst().getTime()).isEqualTo(first.getTime());
    }

    @Test
    void eventsAfterAGapAreNotStoredAndTheAgentLearnsThePosition() {
        attach(1);
        assertThat(report(1, message(1, "one"), message(3, "three"))).isEqualTo(1);
        assertThat(report(1, message(5, "five"))).isEqualTo(1);
        assertThat(report(1, message(2, "two"))).isEqualTo(2);
        assertThat(messages()).hasSize(2);
    }

    @Test
    void reportsWithAnEarlierLeaseAreRejectedAlsoAfterARestart() {
        attach(1);
        report(1, message(1, "one"));
        assertThat(attach(2).getStoredSequence()).isZero();
        assertThat(conflict(() -> report(1, message(2, "two")))).isEqualTo(Kind.STALE_WORKER);
        assertThat(conflict(() -> attach(1))).isEqualTo(Kind.STALE_WORKER);
        runs.close();
        runs = open();
        assertThat(conflict(() -> report(1, message(2, "two")))).isEqualTo(Kind.STALE_WORKER);
        assertThat(report(2, message(1, "of the second"))).isEqualTo(1);
        assertThat(messages()).hasSize(2);
    }

    @Test
    void anInvalidReportStoresNothing() {
        attach(1);
        RunEvent state = RunEvent.newBuilder()
                .setSequence(1)
                .setStateChanged(RunStateChanged.newBuilder().setState(RunState.RUN_STATE_SUCCEEDED))
                .build();
        assertThatThrownBy(() -> report(1, state)).hasMessageContaining("event 1 is not an event of a worker");
        assertThatThrownBy(() -> report(0, message(1, "one"))).hasMessageContaining("lease");
        assertThat(messages()).isEmpty();
        assertThat(runs.get("one").getState()).isEqualTo(RunState.RUN_STATE_RUNNING);
    }

    @Test
    void theNextWorkerReceivesTheSettingsAndTheNewestAndBestCheckpoints() {
        AttachRunWorkerResponse.Builder first = attach(1);
        assertThat(first.getSpec()).isEqualTo(SPEC);
        assertThat(first.hasResolved()).isFalse();
        report(
                1,
                RunEvent.newBuilder()
                        .setSequence(1)
                        .setResolved(RESOLVED.toBuilder().setStartStep(5))
                        .build(),
                checkpoint(2, 5, true),
                checkpoint(3, 10, false),
                checkpoint(4, 15, false),
                checkpoint(5, 20, false));
        AttachRunWorkerResponse.Builder second = attach(2);
        assertThat(second.getResolved()).isEqualTo(RESOLVED);
        assertThat(second.getCheckpointsList())
                .extracting(RunCheckpoint::getStep)
                .containsExactly(20L, 15L, 5L);
        List<String> references = new ArrayList<>();
        runs.references((run, digest) -> references.add(digest));
        assertThat(references).contains(digest(20), digest(15), digest(5)).doesNotContain(digest(10));
        assertThat(runs.activity())
                .hasValueSatisfying(
                        start -> assertThat(start).isAfter(Instant.now().minusSeconds(60)));
    }

    @Test
    void theEndOfAWorkerIsStoredAfterAllItsEvents() throws InterruptedException {
        attach(1);
        RunWorkerExit exit = RunWorkerExit.newBuilder()
                .setLastSequence(2)
                .setOutcome(RunWorkerOutcome.newBuilder()
                        .setKind(RunWorkerOutcomeKind.RUN_WORKER_OUTCOME_KIND_SUCCEEDED)
                        .setMessage("finished"))
                .build();
        assertThat(runs.report(request(1, message(1, "one")).setExit(exit).build()))
                .isEqualTo(1);
        assertThat(WorkerOutcome.read(runs.directory("one"))).isEmpty();
        assertThat(runs.report(request(1, message(2, "two")).setExit(exit).build()))
                .isEqualTo(2);
        remote.alive = false;
        await(() -> runs.get("one").getState() == RunState.RUN_STATE_SUCCEEDED);
        assertThat(runs.report(request(1, message(2, "two")).build())).isEqualTo(2);
        assertThat(conflict(() -> report(1, message(3, "three")))).isEqualTo(Kind.STALE_WORKER);
    }

    @Test
    void aRunThatTheTrainerHasLostContinuesWithItsCheckpointsAndItsWorker() throws InterruptedException {
        remote.alive = true;
        assertThat(conflict(() -> report(4, message(1, "one"))))
                .as("started again below")
                .isNull();
        runs.start(StartRunRequest.newBuilder()
                .setRunId("two")
                .setSpec(SPEC)
                .setResolved(RESOLVED.toBuilder().setStartStep(5))
                .addCheckpoints(checkpoint(1, 20, false).getCheckpoint())
                .addCheckpoints(checkpoint(1, 10, true).getCheckpoint())
                .setLease(4)
                .build());
        int launched = remote.launched;
        await(() -> runs.get("two").getState() == RunState.RUN_STATE_RUNNING);
        assertThat(remote.launched).isEqualTo(launched);
        assertThat(conflict(() -> runs.attach("two", 3))).isEqualTo(Kind.STALE_WORKER);
        AttachRunWorkerResponse.Builder attached = runs.attach("two", 4);
        assertThat(attached.getResolved()).isEqualTo(RESOLVED);
        assertThat(attached.getCheckpointsList())
                .extracting(RunCheckpoint::getStep)
                .containsExactly(20L, 10L);
        assertThat(conflict(() -> runs.get("three"))).isEqualTo(Kind.LOST_RUN);
        assertThat(conflict(() -> runs.delete("three"))).isEqualTo(Kind.UNKNOWN_RUN);
    }

    @Test
    void aWorkerThatRanOutOfMemoryStartsAgainAtOnceWithMore() throws InterruptedException {
        remote.killedForMemory = true;
        remote.alive = false;
        await(() -> remote.launched == 2);
        remote.killedForMemory = false;
        assertThat(states())
                .anyMatch(message -> message.contains("out of memory")
                        && message.endsWith("starts again with more memory: 4096 MiB (was 2048 MiB)"));
    }

    @Test
    void furtherRestartsWithoutACheckpointHavePauses() throws InterruptedException {
        Instant start = Instant.now();
        remote.alive = false;
        await(() -> remote.launched == 2);
        remote.alive = false;
        await(() -> remote.launched == 3);
        assertThat(Instant.now()).isAfter(start.plus(PAUSE));
        assertThat(states())
                .anyMatch(message -> message.endsWith("starts again"))
                .anyMatch(message -> message.endsWith("starts again in 1 s"));
        assertThat(new Restarts(9, Duration.ofSeconds(10)))
                .satisfies(restarts -> assertThat(IntStream.rangeClosed(1, 8)
                                .mapToObj(restarts::pause)
                                .map(Duration::toSeconds))
                        .containsExactly(0L, 10L, 20L, 40L, 80L, 160L, 300L, 300L));
    }

    private List<String> states() {
        return EventLog.readAll(runs.directory("one").events()).stream()
                .filter(RunEvent::hasStateChanged)
                .map(event -> event.getStateChanged().getMessage())
                .toList();
    }

    private Runs open() {
        return new Runs(home, remote, 2, 10, new Restarts(3, PAUSE), new ContainerMemory(home.resolve("no-cgroup")));
    }

    private AttachRunWorkerResponse.Builder attach(long lease) {
        return runs.attach("one", lease);
    }

    private long report(long lease, RunEvent... events) {
        return runs.report(request(lease, events).build());
    }

    private static ReportRunWorkerRequest.Builder request(long lease, RunEvent... events) {
        return ReportRunWorkerRequest.newBuilder()
                .setRunId("one")
                .setLease(lease)
                .addAllEvents(List.of(events));
    }

    private static RunEvent message(long sequence, String text) {
        return RunEvent.newBuilder()
                .setSequence(sequence)
                .setMessage(RunMessage.newBuilder().setText(text))
                .build();
    }

    private static RunEvent checkpoint(long sequence, long step, boolean best) {
        return RunEvent.newBuilder()
                .setSequence(sequence)
                .setCheckpoint(
                        RunCheckpoint.newBuilder().setStep(step).setBest(best).setDigest(digest(step)))
                .build();
    }

    private static String digest(long step) {
        return "sha256:" + Long.toString(100 + step).repeat(32).substring(0, 64);
    }

    private List<RunEvent> messages() {
        return EventLog.readAll(runs.directory("one").events()).stream()
                .filter(RunEvent::hasMessage)
                .toList();
    }

    private static Kind conflict(ThrowingCallable call) {
        RunConflictException conflict = catchThrowableOfType(RunConflictException.class, call);
        return conflict == null ? null : conflict.kind();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        Instant end = Instant.now().plusSeconds(60);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(end);
            Thread.sleep(5);
        }
    }

    /** One remote worker of all runs. */
    private static final class Remote implements WorkerLauncher, WorkerHandle {
        private volatile boolean alive;
        private volatile int launched;
        private volatile boolean killedForMemory;

        @Override
        public synchronized WorkerHandle launch(RunDirectory directory, int ranks) {
            alive = true;
            launched++;
            return this;
        }

        @Override
        public WorkerHandle find(RunDirectory directory) {
            return this;
        }

        @Override
        public boolean isAvailable() {
            return true;
        }

        @Override
        public boolean isRemote() {
            return true;
        }

        @Override
        public boolean isAlive() {
            return alive;
        }

        @Override
        public void stop() {
            alive = false;
        }

        @Override
        public void kill() {
            alive = false;
        }

        @Override
        public Optional<Integer> exitCode() {
            return killedForMemory ? Optional.of(137) : Optional.empty();
        }

        @Override
        public boolean killedForMemory() {
            return killedForMemory;
        }

        @Override
        public Optional<String> moreMemory(RunDirectory directory) {
            return Optional.of("4096 MiB (was 2048 MiB)");
        }

        @Override
        public String output() {
            return "";
        }

        @Override
        public long localBytes() {
            return 0;
        }

        @Override
        public String description() {
            return "a worker";
        }
    }
}
