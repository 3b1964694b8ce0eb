package io.rootstock.trainer.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.artifacts.Digest;
import io.rootstock.collectives.EngineMissingException;
import io.rootstock.collectives.MpiLauncher;
import io.rootstock.trainer.checkpoint.Checkpoints;
import io.rootstock.trainer.data.Bases;
import io.rootstock.trainer.data.Datasets;
import io.rootstock.trainer.events.EventLog;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.run.TrainerFixture;
import io.rootstock.trainer.run.WorkerLock;
import io.rootstock.trainer.run.WorkerOutcome;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Precision;
import io.rootstock.trainer.v1.RunEvaluation;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests processes that train one model together over MPI. */
class RanksTest {
    private static final int STEPS = 40;
    /** Large enough that a run is still training when a process is killed after the first checkpoint. */
    private static final int ROWS = 64;
    /**
     * Tolerance of a loss near 2: a different summation order changes float32's last bits, and 40 updates amplify the
     * difference.
     */
    private static final double ROUNDING = 2e-4;

    private static final long PATIENCE_MINUTES = 5;

    @TempDir
    static Path home;

    private static TrainerFixture trainer;
    private static Digest dataset;
    /** Uninterrupted runs by number of processes, one thread each; trained on first use. */
    private static final Map<Integer, RunDirectory> WHOLE = new HashMap<>();

    @BeforeAll
    static void prepare() throws IOException {
        try {
            MpiLauncher.HYDRA.check();
        } catch (EngineMissingException e) {
            Assumptions.abort(e.getMessage());
        }
        trainer = new TrainerFixture(home);
        dataset = Datasets.documents(trainer.store(), 300);
    }

    @Test
    @Tag("matrix")
    void theNumberOfProcessesDoesNotChangeTheLossCurve() throws Exception {
        List<Double> expected = losses(finishedRun(1));
        assertThat(expected).hasSizeGreaterThan(STEPS / 5);
        assertThat(expected.getLast()).isLessThan(0.8 * expected.getFirst());
        assertClose(losses(finishedRun(2)), expected);
        // 64 rows per step are not divisible by three, so the shards of the processes differ in size.
        assertClose(losses(finishedRun(3)), expected);
    }

    @Test
    @Tag("matrix")
    void twoProcessesAndTwoThreadsAreBitIdentical() throws Exception {
        RunDirectory threads = trained("threads", pretraining(2), 1);
        RunDirectory processes = finishedRun(2);
        assertThat(losses(processes)).isEqualTo(losses(threads));
        assertThat(artifacts(processes)).isNotEmpty().isEqualTo(artifacts(threads));
    }

    @Test
    @Tag("matrix")
    void theLossIsTheMeanOverAllTokensOfRowsOfAnyLength() throws Exception {
        RunSpec spec = RunSpec.newBuilder()
                .setTask(Task.TASK_INSTRUCTION)
                .setDatasetDigest(Datasets.instructions(trainer.store(), 120).value())
                .setBaseDigest(Bases.random(trainer.store()).value())
                .setHyperparameters(Hyperparameters.newBuilder()
                        .setEpochs(2)
                        .setBatchRows(7)
                        .setMicroBatchTokens(150)
                        .setValidationInterval(5)
                        .setPrecision(Precision.PRECISION_FLOAT32)
                        .setThreads(1)
                        .setSeed(4))
                .build();
        assertClose(losses(trained("rows-by-two", spec, 2)), losses(trained("rows-by-one", spec, 1)));
    }

    @Test
    @Tag("matrix")
    void losingAProcessEndsAllAndResumingIsBitIdentical() throws Exception {
        RunDirectory killed = killed("killed", 1);
        assertThat(trainer.work(killed, 2))
                .as(() -> TrainerFixture.output(killed))
                .isZero();
        assertThat(losses(killed).getLast()).isEqualTo(losses(finishedRun(2)).getLast());
        assertThat(artifacts(killed)).isEqualTo(artifacts(finishedRun(2)));
    }

    @Test
    @Tag("matrix")
    void aRunResumesWithFewerOrMoreProcesses() throws Exception {
        double expected = losses(finishedRun(1)).getLast();
        for (int ranks : new int[] {1, 3}) {
            RunDirectory killed = killed("goes-on-with-" + ranks, 0);
            assertThat(trainer.work(killed, ranks))
                    .as(() -> TrainerFixture.output(killed))
                    .isZero();
            assertThat(losses(killed).getLast()).isCloseTo(expected, within(ROUNDING));
            RunEvent start = EventLog.readAll(killed.events()).stream()
                    .filter(RunEvent::hasResolved)
                    .reduce((first, second) -> second)
                    .orElseThrow();
            assertThat(start.getResolved().getStartStep()).isPositive();
            assertThat(start.getResolved().getHyperparameters().getRanks()).isEqualTo(ranks);
        }
    }

    @Test
    @Tag("matrix")
    void aTerminatedGroupLeavesACheckpointOfItsLastStep() throws Exception {
        RunDirectory directory = trainer.folder("stopped", endless());
        Process group = started(directory);
        WorkerLock.holder(directory.lock()).orElseThrow().destroy();
        ended(group, directory);
        assertThat(WorkerOutcome.read(directory))
                .hasValueSatisfying(outcome -> assertThat(outcome.kind()).isEqualTo(WorkerOutcome.Kind.STOPPED));
        RunEvent last = EventLog.readAll(directory.events()).getLast();
        assertThat(new Checkpoints(directory.checkpoints()).steps().getFirst())
                .isEqualTo(last.getCheckpoint().getStep());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mpiexec.hydra", "hydra_pmi_proxy", "dash"})
    @Tag("matrix")
    void losingAProcessOfTheLauncherEndsAll(String command) throws Exception {
        RunDirectory directory = trainer.folder("without-" + command, endless());
        Process group = started(directory);
        List<ProcessHandle> processes =
                Stream.concat(Stream.of(group.toHandle()), group.descendants()).toList();
        ProcessHandle lost = processes.stream()
                .filter(process -> process.info().command().orElse("").endsWith(command))
                .findFirst()
                .orElseThrow();
        assertThat(lost.destroyForcibly()).isTrue();
        for (ProcessHandle process : processes) {
            process.onExit().get(PATIENCE_MINUTES, TimeUnit.MINUTES);
        }
        assertThat(WorkerOutcome.read(directory)).isEmpty();
    }

    @Test
    @Tag("matrix")
    void aTerminatedLauncherLeavesACheckpoint() throws Exception {
        RunDirectory directory = trainer.folder("stopped-launcher", endless());
        Process group = started(directory);
        List<ProcessHandle> processes = group.descendants().toList();
        group.destroy();
        for (ProcessHandle process : processes) {
            process.onExit().get(PATIENCE_MINUTES, TimeUnit.MINUTES);
        }
        assertThat(WorkerOutcome.read(directory))
                .hasValueSatisfying(outcome -> assertThat(outcome.kind()).isEqualTo(WorkerOutcome.Kind.STOPPED));
    }

    @Test
    @Tag("matrix")
    void anErrorOnRank0EndsAllProcessesAndIsReported() throws Exception {
        RunSpec spec = pretraining(1).toBuilder()
                .setDatasetDigest(Digest.of(new byte[] {1}).value())
                .build();
        RunDirectory directory = trainer.folder("refused", spec);
        ended(trainer.launcher().launch(directory, 2), directory);
        assertThat(WorkerOutcome.read(directory))
                .hasValueSatisfying(outcome -> assertThat(outcome.kind()).isEqualTo(WorkerOutcome.Kind.FAILED));
    }

    private static RunDirectory finishedRun(int ranks) throws Exception {
        if (!WHOLE.containsKey(ranks)) {
            WHOLE.put(ranks, trained("whole-" + ranks, pretraining(1), ranks));
        }
        return WHOLE.get(ranks);
    }

    private static RunSpec pretraining(int threads) {
        RunSpec.Builder spec = TrainerFixture.tiny(dataset, STEPS).toBuilder();
        spec.getHyperparametersBuilder()
                .setThreads(threads)
                .setBatchRows(ROWS)
                .setTokens((long) STEPS * ROWS * 32)
                .setValidationInterval(5);
        return spec.build();
    }

    /** A run that does not end by itself within a test. */
    private static RunSpec endless() {
        RunSpec.Builder spec = pretraining(1).toBuilder();
        spec.getHyperparametersBuilder().setTokens(1_000_000_000L);
        return spec.build();
    }

    private static RunDirectory trained(String id, RunSpec spec, int ranks) throws Exception {
        RunDirectory directory = trainer.folder(id, spec);
        assertThat(trainer.work(directory, ranks))
                .as(() -> TrainerFixture.output(directory))
                .isZero();
        return directory;
    }

    /** Starts a run of two processes and kills one after a checkpoint; returns after both have exited. */
    private static RunDirectory killed(String id, int rank) throws Exception {
        RunDirectory directory = trainer.folder(id, pretraining(1));
        Process group = started(directory);
        Optional<ProcessHandle> lost = WorkerLock.holder(directory.ofRank(rank).lock());
        Optional<ProcessHandle> other =
                WorkerLock.holder(directory.ofRank(1 - rank).lock());
        lost.ifPresent(ProcessHandle::destroyForcibly);
        if (exitCode(group, directory) == 0) {
            // On a busy machine the run may complete before this thread sees the checkpoint.
            return killed(id + "-again", rank);
        }
        other.orElseThrow().onExit().get(PATIENCE_MINUTES, TimeUnit.MINUTES);
        assertThat(WorkerOutcome.read(directory)).isEmpty();
        return directory;
    }

    /** Starts a run of two processes, and returns once it has a checkpoint. */
    private static Process started(RunDirectory directory) throws InterruptedException {
        Process group = trainer.launcher().launch(directory, 2);
        awaitCheckpoint(directory);
        return group;
    }

    private static void ended(Process group, RunDirectory directory) throws InterruptedException {
        assertThat(exitCode(group, directory)).isNotZero();
    }

    private static int exitCode(Process group, RunDirectory directory) throws InterruptedException {
        assertThat(group.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES))
                .as(() -> TrainerFixture.output(directory))
                .isTrue();
        return group.exitValue();
    }

    private static void awaitCheckpoint(RunDirectory directory) throws InterruptedException {
        Checkpoints checkpoints = new Checkpoints(directory.checkpoints());
        TrainerFixture.await(directory, () -> !checkpoints.steps().isEmpty());
    }

    private static void assertClose(List<Double> losses, List<Double> expected) {
        assertThat(losses).hasSameSizeAs(expected);
        for (int index = 0; index < expected.size(); index++) {
            assertThat(losses.get(index)).isCloseTo(expected.get(index), within(ROUNDING));
        }
    }

    private static List<Double> losses(RunDirectory directory) {
        return EventLog.readAll(directory.events()).stream()
                .filter(RunEvent::hasEvaluation)
                .map(RunEvent::getEvaluation)
                .map(RunEvaluation::getLoss)
                .toList();
    }

    private static List<String> artifacts(RunDirectory directory) {
        return EventLog.readAll(directory.events()).stream()
                .flatMap(event -> event.getArtifacts().getArtifactsList().stream())
                .map(Artifact::getDigest)
                .toList();
    }
}
