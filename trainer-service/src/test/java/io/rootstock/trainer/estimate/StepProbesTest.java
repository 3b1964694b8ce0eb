package io.rootstock.trainer.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.collectives.MpiLauncher;
import io.rootstock.trainer.plan.DataFacts;
import io.rootstock.trainer.plan.Machine;
import io.rootstock.trainer.plan.Plan;
import io.rootstock.trainer.plan.Planner;
import io.rootstock.trainer.run.JavaWorkerLauncher;
import io.rootstock.trainer.run.TrainerFixture;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real probe processes. */
class StepProbesTest {
    private static final DataFacts DATA = DataFacts.hypothetical(256, 100_000);

    @TempDir
    Path home;

    @Test
    void probesMeasureSpeedAndMemoryAndAreCached() {
        JavaWorkerLauncher launcher = new TrainerFixture(home).launcher();
        Machine machine = Machine.here();
        StepProbes probes = new StepProbes(home.resolve("steps.json"), launcher);
        assertThat(probes.known(machine, plan(100_000, 1e-3), DATA)).isEmpty();
        StepProbes.Probe probe = probes.of(machine, plan(100_000, 1e-3), DATA).orElseThrow();
        assertThat(probe.flopsPerSecond()).isBetween(1e5, 1e13);
        assertThat(probe.runtimeBytes()).isBetween(50_000_000L, 1_000_000_000L);
        assertThat(probe.peakBytes()).isBetween(probe.runtimeBytes(), 3_000_000_000L);
        // The number of steps and the learning rate are not part of the key.
        assertThat(new StepProbes(home.resolve("steps.json"), launcher).known(machine, plan(200_000, 2e-3), DATA))
                .hasValue(probe);
    }

    @Test
    void aFailedProbeIsEmpty() {
        JavaWorkerLauncher broken = new JavaWorkerLauncher(
                home, home, "256m", List.of("-XX:NoSuchOption=of-any-virtual-machine"), MpiLauncher.HYDRA);
        StepProbes probes = new StepProbes(home.resolve("steps.json"), broken);
        assertThat(probes.of(Machine.here(), plan(100_000, 1e-3), DATA)).isEmpty();
    }

    private static Plan plan(long tokens, double rate) {
        RunSpec spec = RunSpec.newBuilder()
                .setTask(Task.TASK_PRETRAIN)
                .setArchitecture(Architecture.newBuilder()
                        .setDepth(1)
                        .setDimension(32)
                        .setHeads(2)
                        .setContextLength(32))
                .setHyperparameters(Hyperparameters.newBuilder()
                        .setTokens(tokens)
                        .setLearningRate(rate)
                        .setBatchRows(4)
                        .setThreads(1))
                .build();
        return Planner.plan(spec, DATA, Optional.empty(), Machine.here());
    }
}
