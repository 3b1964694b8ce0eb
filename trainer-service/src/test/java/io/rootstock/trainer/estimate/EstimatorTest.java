package io.rootstock.trainer.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.trainer.plan.DataFacts;
import io.rootstock.trainer.plan.Machine;
import io.rootstock.trainer.plan.ModelSize;
import io.rootstock.trainer.plan.Plan;
import io.rootstock.trainer.plan.Planner;
import io.rootstock.trainer.plan.RefusedSpecException;
import io.rootstock.trainer.v1.Estimate;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Precision;
import io.rootstock.trainer.v1.Recompute;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EstimatorTest {
    private static final DeviceTable DEVICES = DeviceTable.load(Optional.empty());

    /**
     * GPT-3: 174.6 billion parameters, 300 billion tokens; the published figures are 3.14e23 FLOPs and about 4.6
     * million dollars.
     */
    @Test
    void gpt3OnV100sCostsWhatWasPublished() {
        Device v100 = DEVICES.named("v100");
        assertThat(v100.reachedFlops()).isCloseTo(28e12, within(1e9));
        Estimate estimate = Estimator.estimate(174_600_000_000L, 300_000_000_000L, v100);
        assertThat(estimate.getFlops()).isCloseTo(3.14e23, within(0.01e23));
        assertThat(estimate.getDollars()).isCloseTo(4.6e6, within(0.1e6));
        assertThat(estimate.getSeconds() / 3600 / 24 / 365).isCloseTo(355.0, within(2.0));
    }

    @Test
    void parametersOfGpt2SmallsSizeAreCounted() {
        ModelShape shape = new ModelShape(10, 8, 2, 2, 1, 16, 4, ModelShape.NORM_EPSILON, 10_000, true, 0);
        // Per layer: q 64, k 32, v 32, o 64, gate, up and down 128 each, two norms of 8; a last norm; the embedding.
        assertThat(ModelSize.of(shape).body()).isEqualTo(2 * (192 + 384 + 16) + 8);
        assertThat(ModelSize.of(shape).parameters()).isEqualTo(1192 + 80);
        assertThat(ModelSize.of(shape.withTiedEmbeddings(false)).parameters()).isEqualTo(1192 + 160);
        assertThat(ModelSize.of(shape.withClasses(3)).parameters()).isEqualTo(1192 + 80 + 24);
    }

    @Test
    void memoryComponentsAddUp() {
        RunSpec spec = RunSpec.newBuilder()
                .setTask(Task.TASK_PRETRAIN)
                .setHyperparameters(Hyperparameters.newBuilder().setTokens(1_000_000))
                .build();
        DataFacts data = DataFacts.hypothetical(4096, 1_000_000);
        Plan plan = Planner.plan(spec, data, Optional.empty(), new Machine("m", 2, false));
        Estimate estimate = Estimator.estimate(plan, data, DEVICES.named("a100"));
        assertThat(estimate.getMemoryPartsMap())
                .containsKeys("weights", "gradients", "optimizer", "activations", "logits");
        assertThat(estimate.getMemoryBytes())
                .isEqualTo(estimate.getMemoryPartsMap().values().stream()
                        .mapToLong(Long::longValue)
                        .sum());
        assertThat(estimate.getTokens()).isBetween(1_000_000L, 1_010_000L);
        assertThat(estimate.getSeconds()).isPositive();
    }

    @Test
    void recomputationUsesLessMemoryAndMoreTime() {
        Estimate kept = estimated(Recompute.RECOMPUTE_NONE);
        Estimate attention = estimated(Recompute.RECOMPUTE_ATTENTION);
        Estimate block = estimated(Recompute.RECOMPUTE_BLOCK);
        assertThat(attention.getMemoryPartsOrThrow("activations"))
                .isLessThan(kept.getMemoryPartsOrThrow("activations"));
        assertThat(block.getMemoryPartsOrThrow("activations"))
                .isLessThan(kept.getMemoryPartsOrThrow("activations") / 3);
        assertThat(attention.getSeconds()).isBetween(1.02 * kept.getSeconds(), 1.2 * kept.getSeconds());
        assertThat(block.getSeconds()).isBetween(1.1 * kept.getSeconds(), 4.0 / 3 * kept.getSeconds());
        assertThat(block.getFlops()).isEqualTo(kept.getFlops());
    }

    private static Estimate estimated(Recompute recompute) {
        RunSpec spec = RunSpec.newBuilder()
                .setTask(Task.TASK_PRETRAIN)
                .setHyperparameters(
                        Hyperparameters.newBuilder().setTokens(1_000_000).setRecompute(recompute))
                .build();
        DataFacts data = DataFacts.hypothetical(4096, 1_000_000);
        Plan plan = Planner.plan(spec, data, Optional.empty(), new Machine("m", 2, false));
        return Estimator.estimate(plan, data, DEVICES.named("a100"));
    }

    @Test
    void estimatesForThisMachineUseTheProbe() {
        RunSpec spec = RunSpec.newBuilder()
                .setTask(Task.TASK_PRETRAIN)
                .setHyperparameters(Hyperparameters.newBuilder().setTokens(1_000_000))
                .build();
        DataFacts data = DataFacts.hypothetical(4096, 1_000_000);
        Plan plan = Planner.plan(spec, data, Optional.empty(), new Machine("m", 2, false));
        Device machine = new Device("m", 1e11, 0.6, 0.085);
        StepProbes.Probe probe = new StepProbes.Probe(2e10, 300_000_000L, 900_000_000L);
        Estimate estimate = Estimator.estimate(plan, data, machine, probe);
        assertThat(estimate.getProbed()).isTrue();
        assertThat(estimate.getUtilization()).isCloseTo(0.2, within(1e-9));
        assertThat(estimate.getSeconds()).isCloseTo(estimate.getFlops() / 2e10, within(1e-6));
        assertThat(estimate.getMemoryBytes())
                .isEqualTo(945_000_000L + 12 * plan.size().parameters());
        assertThat(estimate.getMemoryPartsMap())
                .containsEntry("runtime", 345_000_000L)
                .containsEntry("checkpoint", 12 * plan.size().parameters())
                .doesNotContainKey("logits");
    }

    @Test
    void theEstimateOfAClockBudgetIsItsTime() {
        RunSpec spec = RunSpec.newBuilder()
                .setTask(Task.TASK_PRETRAIN)
                .setHyperparameters(Hyperparameters.newBuilder().setSeconds(100))
                .build();
        DataFacts data = DataFacts.hypothetical(4096, 1_000_000);
        Plan plan = Planner.plan(spec, data, Optional.empty(), new Machine("m", 2, false));
        assertThat(Estimator.estimate(plan, data, DEVICES.named("a100")).getSeconds())
                .isCloseTo(100.0, within(0.1));
    }

    @Test
    void aGpuHasThePriceOfItsEntry() {
        DeviceTable table = DeviceTable.load(Optional.empty());
        Device known =
                table.machine(new Machine("NVIDIA H100 80GB HBM3", 16, true, true), Precision.PRECISION_BFLOAT16, 7e14);
        assertThat(known).isEqualTo(new Device("NVIDIA H100 80GB HBM3", 7e14, 0.40, 3.00));
        assertThat(table.machine(
                                new Machine("NVIDIA GeForce RTX 4090", 16, true, true),
                                Precision.PRECISION_BFLOAT16,
                                1e14)
                        .dollarsPerHour())
                .isEqualTo(0.40);
        assertThat(table.machine(new Machine("NVIDIA X1", 16, true, true), Precision.PRECISION_BFLOAT16, 1e14))
                .isEqualTo(new Device("NVIDIA X1", 1e14, 0.35, 0));
    }

    @Test
    void anUnknownDeviceIsRejectedWithTheKnownDevices() {
        assertThatThrownBy(() -> DEVICES.named("abacus"))
                .isInstanceOf(RefusedSpecException.class)
                .hasMessageContaining("h100");
    }

    @Test
    void aCustomPriceTableReplacesTheShippedTable(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(
                directory.resolve("devices.json"),
                "{\"abacus\": {\"peakFlops\": 2.0, \"utilization\": 0.5, \"dollarsPerHour\": 3.0, \"source\":"
                        + " \"mine\"}}");
        Device device = DeviceTable.load(Optional.of(file)).named("abacus").pricedAt(7.0);
        assertThat(device).isEqualTo(new Device("abacus", 2.0, 0.5, 7.0));
    }
}
