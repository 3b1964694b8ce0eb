package io.rootstock.trainer.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.files.FileTree;
import io.rootstock.trainer.checkpoint.StoredCheckpoints;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.run.TrainerFixture;
import io.rootstock.trainer.v1.RunCheckpoint;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunEventSource;
import io.rootstock.trainer.v1.RunResolved;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.RunState;
import io.rootstock.trainer.v1.StartRunRequest;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests real agents with real workers at a trainer in this process, through kills and outages. */
class RunAgentTest extends AgentFixture {
    @Test
    @Tag("fault")
    void aRunSurvivesTheLossOfItsAgentTheTrainerAndTheTrainersDisk() throws Exception {
        RunSpec spec = TrainerFixture.tiny(dataset, 4000);
        RunDirectory whole = trainer.folder("whole", spec);
        assertThat(trainer.work(whole)).as(() -> TrainerFixture.output(whole)).isZero();

        runs.start("one", spec);
        awaitStored(5);
        agents.kill("one");
        awaitLease(2);
        awaitStored(50);

        // The trainer stops for a while; the agent trains and keeps its events.
        stopTrainer();
        long before = newest();
        awaitLocal(before + 20);
        startTrainer();
        awaitStored(before + 20);
        assertThat(sources().stream().mapToLong(RunEventSource::getLease).max()).hasValue(2);

        // The trainer loses its disk; the registry starts the run again with the checkpoints that it knows.
        List<RunCheckpoint> known = StoredCheckpoints.of(events(), 2);
        RunResolved resolved = runs.directory("one").readResolved().orElseThrow();
        stopTrainer();
        FileTree.delete(home.resolve("trainer"));
        startTrainer();
        runs.start(StartRunRequest.newBuilder()
                .setRunId("one")
                .setSpec(spec)
                .setResolved(resolved)
                .addAllCheckpoints(known)
                .setLease(leases.last("one"))
                .build());
        await(() -> runs.get("one").getState() == RunState.RUN_STATE_RUNNING);
        assertThat(agents.count())
                .as("the running worker is found, not started again")
                .isEqualTo(2);
        awaitStored(known.getFirst().getStep() + 10);
        agents.kill("one");
        awaitState(RunState.RUN_STATE_SUCCEEDED);

        assertThat(agents.count()).isEqualTo(3);
        assertThat(artifacts(runs.directory("one"))).isNotEmpty().isEqualTo(artifacts(whole));
        assertThat(TrainerFixture.lastEvaluation(runs.directory("one"), "validation")
                        .getLoss())
                .isEqualTo(TrainerFixture.lastEvaluation(whole, "validation").getLoss());
        assertOnceAndInOrder();
    }

    @Test
    @Tag("fault")
    void anAgentThatHasLostItsLeaseEndsItsWorkerAndReportsNothingMore() throws Exception {
        runs.start("one", TrainerFixture.tiny(dataset, 100_000));
        awaitStored(5);
        ProcessHandle agent = agents.agent("one");
        ProcessHandle worker = agents.worker("one").orElseThrow();
        leases.revoke("one");
        awaitLease(3);
        assertThat(agent.isAlive()).isFalse();
        assertThat(worker.isAlive()).isFalse();
        await(() -> sources().stream().anyMatch(source -> source.getLease() == 3));
        awaitStored(newest() + 5);
        assertOnceAndInOrder();
    }

    @Test
    @Tag("fault")
    void aWorkerIsSuspendedWhileItsLeaseIsOverAndContinues() throws Exception {
        runs.start("one", TrainerFixture.tiny(dataset, 100_000));
        awaitStored(5);
        ProcessHandle worker = agents.worker("one").orElseThrow();
        leases.setAvailable(false);
        await(() -> state(worker).equals("T"));
        long reported = events().size();
        leases.setAvailable(true);
        await(() -> !state(worker).equals("T"));
        await(() -> events().size() > reported);
        assertThat(agents.count()).isEqualTo(1);
        assertThat(leases.last("one")).isEqualTo(1);
    }

    @Test
    @Tag("fault")
    void aPausedRunStoresACheckpointOfItsLastStepAndResumesFromIt() throws Exception {
        runs.start("one", TrainerFixture.tiny(dataset, 100_000));
        awaitStored(5);
        runs.pause("one", 0);
        awaitState(RunState.RUN_STATE_PAUSED);
        assertThat(runs.get("one").getMessage()).isEqualTo("stopped at step " + newest());
        assertThat(agents.agent("one").isAlive()).isFalse();
        long paused = newest();
        runs.resume("one", 0, 0);
        await(() -> events().stream()
                        .filter(RunEvent::hasResolved)
                        .map(event -> event.getResolved().getStartStep())
                        .reduce((first, second) -> second)
                        .orElseThrow()
                == paused);
        assertThat(leases.last("one")).isEqualTo(2);
    }

    @Test
    @Tag("fault")
    void aWorkerThatWritesNoEventIsEndedAndReplaced() throws Exception {
        settings.put(AgentSettings.HANG, "PT15S");
        runs.start("one", TrainerFixture.tiny(dataset, 100_000));
        awaitStored(5);
        long worker = agents.worker("one").orElseThrow().pid();
        ChildProcesses.suspend(worker);
        awaitLease(2);
        await(() -> events().stream()
                .anyMatch(event ->
                        event.getStateChanged().getMessage().contains("ended by its agent: no event for 15 s")));
        awaitStored(newest() + 5);
    }
}
