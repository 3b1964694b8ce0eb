package io.rootstock.trainer.estimate;

import io.rootstock.trainer.plan.DataFacts;
import io.rootstock.trainer.plan.MemoryRule;
import io.rootstock.trainer.plan.MicroBatches;
import io.rootstock.trainer.plan.ModelSize;
import io.rootstock.trainer.plan.Plan;
import io.rootstock.trainer.schedule.Budget;
import io.rootstock.trainer.v1.Estimate;
import io.rootstock.trainer.v1.Task;
import java.util.Arrays;
import java.util.Map;

/** Estimates memory, time and cost of a run. */
public final class Estimator {
    private static final double SECONDS_PER_HOUR = 3600.0;

    private Estimator() {}

    /** Estimates a planned run on a device; padding, recomputation and dequantization reduce the utilization. */
    public static Estimate estimate(Plan plan, DataFacts data, Device device) {
        MicroBatches.Division step = usualStep(plan, data);
        double dequantized = step.ranges().size() * plan.dequantizationTokens() / Math.max(1, plan.tokensPerStep());
        double once = (1 - paddedShare(step)) / (1 + plan.recomputedShare(rowLength(plan, data)) + dequantized);
        return reaching(plan, data, device.utilized(device.utilization() * once));
    }

    private static Estimate reaching(Plan plan, DataFacts data, Device device) {
        ModelSize size = plan.size();
        int rowLength = rowLength(plan, data);
        double flopsPerToken = plan.flopsPerToken(rowLength);
        double tokens = tokens(plan, flopsPerToken, device);
        Map<String, Long> memory = MemoryRule.parts(plan, data);
        MicroBatches.Division step = usualStep(plan, data);
        return timed(device, tokens * flopsPerToken)
                .setPaddedShare(paddedShare(step))
                .setMicroBatches(step.ranges().size())
                .setMicroBatchRows(step.mostRows())
                .setParameters(size.parameters())
                .setNonEmbeddingParameters(size.body())
                .setTokens((long) tokens)
                .setMemoryBytes(
                        memory.values().stream().mapToLong(Long::longValue).sum())
                .putAllMemoryParts(memory)
                .build();
    }

    /** Estimates a planned run on this machine from a probe. */
    public static Estimate estimate(Plan plan, DataFacts data, Device machine, StepProbes.Probe probe) {
        Device measured = machine.utilized(probe.flopsPerSecond() / machine.peakFlops());
        Map<String, Long> memory = MemoryRule.measured(plan, data, probe.runtimeBytes(), probe.peakBytes());
        return reaching(plan, data, measured).toBuilder()
                .setMemoryBytes(
                        memory.values().stream().mapToLong(Long::longValue).sum())
                .clearMemoryParts()
                .putAllMemoryParts(memory)
                .setProbed(true)
                .build();
    }

    /** Division of a typical step into micro-batches. */
    private static MicroBatches.Division usualStep(Plan plan, DataFacts data) {
        int[] lengths = data.usualStep(plan.hyperparameters().getBatchRows());
        if (plan.task() == Task.TASK_PRETRAIN) {
            Arrays.fill(lengths, plan.architecture().getContextLength());
        }
        return MicroBatches.of(plan).divide(lengths);
    }

    private static double paddedShare(MicroBatches.Division step) {
        return Math.max(0, 1 - (double) step.realTokens() / step.tokens());
    }

    /** Mean tokens of a row. */
    static int rowLength(Plan plan, DataFacts data) {
        return plan.task() == Task.TASK_PRETRAIN
                ? plan.architecture().getContextLength()
                : (int) Math.max(1, data.trainTokens() / Math.max(1, data.trainRows()));
    }

    /**
     * Estimates a model by its parameter count: 6 N D FLOPs; activations are excluded, since they depend on the shape.
     */
    public static Estimate estimate(long parameters, long tokens, Device device) {
        Map<String, Long> memory =
                Map.of("weights", 4 * parameters, "gradients", 4 * parameters, "optimizer", 8 * parameters);
        return timed(device, 6.0 * parameters * tokens)
                .setParameters(parameters)
                .setTokens(tokens)
                .setMemoryBytes(16 * parameters)
                .putAllMemoryParts(memory)
                .build();
    }

    private static double tokens(Plan plan, double flopsPerToken, Device device) {
        return switch (plan.budget()) {
            case Budget.Steps(long steps) -> plan.tokensAfter(steps);
            case Budget.Clock(double seconds, long mostSteps) ->
                Math.min(seconds * device.reachedFlops() / flopsPerToken, plan.tokensPerStep() * mostSteps);
        };
    }

    private static Estimate.Builder timed(Device device, double flops) {
        double seconds = flops / device.reachedFlops();
        return Estimate.newBuilder()
                .setFlops(flops)
                .setSeconds(seconds)
                .setDollars(seconds / SECONDS_PER_HOUR * device.dollarsPerHour())
                .setDevice(device.name())
                .setPeakFlops(device.peakFlops())
                .setUtilization(device.utilization())
                .setFreeShare(device.freeShare());
    }
}
