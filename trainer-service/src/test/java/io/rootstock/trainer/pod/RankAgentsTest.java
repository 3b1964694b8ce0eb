package io.rootstock.trainer.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.collectives.EngineMissingException;
import io.rootstock.collectives.MpiLauncher;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.run.TrainerFixture;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunEventSource;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.RunState;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests runs of two ranks whose agents share nothing but the trainer, the leases and the artifact store, over real MPI. */
@Tag("matrix")
class RankAgentsTest extends AgentFixture {
    @BeforeAll
    static void mpich() {
        try {
            MpiLauncher.HYDRA.check();
        } catch (EngineMissingException e) {
            Assumptions.abort(e.getMessage());
        }
    }

    @Test
    void twoAgentsGiveTheBitsOfOneWorkerAlsoAfterTheLossOfOne() throws Exception {
        RunSpec spec = TrainerFixture.tiny(dataset, 800);
        RunDirectory whole = trainer.folder("whole", spec);
        assertThat(trainer.work(whole)).as(() -> TrainerFixture.output(whole)).isZero();

        runs.start("one", twoRanks(spec));
        awaitStored(5);
        agents.kill("one", 0);
        awaitLease(2);
        assertThat(states()).anyMatch(message -> message.contains("the worker died after the checkpoint of step"));
        awaitState(RunState.RUN_STATE_SUCCEEDED);

        assertThat(agents.count()).isEqualTo(4);
        RunDirectory directory = runs.directory("one");
        assertThat(startSteps()).hasSize(2).isSorted().first().isEqualTo(0L);
        assertThat(startSteps().getLast()).isPositive();
        assertThat(TrainerFixture.lastEvaluation(directory, "validation").getLoss())
                .isEqualTo(TrainerFixture.lastEvaluation(whole, "validation").getLoss());
        assertThat(artifacts(directory)).isNotEmpty().isEqualTo(artifacts(whole));
        assertOnceAndInOrder();
    }

    @Test
    void theOtherRankIsSuspendedWithRankZeroAndItsStopLeadsToACheckpoint() throws Exception {
        runs.start("one", twoRanks(TrainerFixture.tiny(dataset, 1_000_000)));
        awaitStored(5);
        List<ProcessHandle> workers = workers();
        assertThat(workers).hasSize(2);
        leases.setAvailable(false);
        await(() -> workers.stream().allMatch(worker -> state(worker).equals("T")));
        int reported = events().size();
        leases.setAvailable(true);
        await(() -> events().size() > reported);
        assertThat(leases.last("one")).isEqualTo(1);

        // The pod of rank 1 is evicted.
        agents.agent("one", 1).destroy();
        awaitLease(2);
        await(() -> startSteps().size() == 2);
        assertThat(states())
                .anyMatch(message -> message.matches("stopped at step [0-9]+; received SIGTERM, queued again"));
        long stopped = sources().stream()
                .filter(source -> source.getLease() == 1)
                .mapToLong(RunEventSource::getSequence)
                .max()
                .orElseThrow();
        long step = events().stream()
                .filter(event ->
                        event.getSource().getLease() == 1 && event.getSource().getSequence() == stopped)
                .mapToLong(event -> event.getCheckpoint().getStep())
                .findFirst()
                .orElseThrow();
        assertThat(startSteps().getLast()).isEqualTo(step).isPositive();
    }

    @Test
    void aRankThatIsCutOffEndsTheAttempt() throws Exception {
        runs.start("one", twoRanks(TrainerFixture.tiny(dataset, 1_000_000)));
        awaitStored(5);
        ProcessHandle other = agents.agent("one", 1);
        Stream.concat(Stream.of(other), other.descendants()).forEach(process -> ChildProcesses.suspend(process.pid()));
        await(() -> !agents.agent("one", 0).isAlive());
        agents.kill("one", 1);
        awaitLease(2);
        assertThat(states()).anyMatch(message -> message.contains("lost rank [1]"));
        awaitStored(newest() + 5);
    }

    private static RunSpec twoRanks(RunSpec spec) {
        RunSpec.Builder two = spec.toBuilder();
        two.getHyperparametersBuilder().setThreads(1).setRanks(2);
        return two.build();
    }

    /** Processes that train: the Java processes below the agents. */
    private List<ProcessHandle> workers() {
        return Stream.of(0, 1)
                .flatMap(rank -> agents.agent("one", rank).descendants())
                .filter(process -> process.info().command().orElse("").endsWith("java"))
                .toList();
    }

    private List<String> states() {
        return events().stream()
                .filter(RunEvent::hasStateChanged)
                .map(event -> event.getStateChanged().getMessage())
                .toList();
    }

    private List<Long> startSteps() {
        return events().stream()
                .filter(RunEvent::hasResolved)
                .map(event -> event.getResolved().getStartStep())
                .toList();
    }
}
