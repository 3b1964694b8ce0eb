package io.rootstock.trainer.engine;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import io.rootstock.collectives.Collectives;
import io.rootstock.collectives.Element;
import io.rootstock.torch.Workspace;
import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.BatchLimits;
import io.rootstock.trainer.engine.batch.BatchShard;
import io.rootstock.trainer.engine.device.FlatBuffers;
import io.rootstock.trainer.engine.device.ReplicaThreads;
import io.rootstock.trainer.engine.model.Llama;
import io.rootstock.trainer.engine.model.ModelTensors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;

/**
 * Computes the mean gradient of micro-batches: every replica runs forward and backward passes over its shards and
 * accumulates into its own buffer; the buffers of all replicas and processes are then summed in a fixed order.
 *
 * @param gradients one buffer per replica, in the order of {@code workspaces}
 */
record GradientComputation(
        Llama model,
        BatchSharding sharding,
        ReplicaThreads threads,
        FlatBuffers buffers,
        List<ModelTensors> gradients,
        List<Workspace> workspaces,
        GradientSum sum,
        Collectives processes) {

    /** Returns loss and gradient norm; the gradient is in the first replica's buffer, the same in all processes. */
    StepResult compute(List<Batch> microBatches, Targets targets) {
        buffers.clearGradients(threads);
        if (targets.count() == 0) {
            return new StepResult(0, 0, 0);
        }
        List<Callable<Double>> tasks = tasks(microBatches, 1.0 / targets.weight());
        boolean several = processes.size() > 1;
        double lossSum = 0;
        sum.begin();
        for (double loss : threads.all(tasks, several ? sum::follow : () -> {})) {
            lossSum += loss;
        }
        if (several) {
            sum.finish(threads);
            lossSum = overProcesses(lossSum);
        }
        double norm = Math.sqrt(buffers.sumReplicas(threads, several ? 1 : tasks.size()));
        return new StepResult(lossSum * (targets.count() / targets.weight()), targets.count(), norm);
    }

    /** Sum of a value over all processes. */
    double overProcesses(double value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sum = arena.allocateFrom(JAVA_DOUBLE, value);
            processes.sum(sum, Element.FLOAT64);
            return sum.get(JAVA_DOUBLE, 0);
        }
    }

    private List<Callable<Double>> tasks(List<Batch> microBatches, double scale) {
        List<List<BatchShard>> shardsOfReplica = new ArrayList<>();
        for (int replica = 0; replica < threads.count(); replica++) {
            shardsOfReplica.add(new ArrayList<>());
        }
        for (Batch batch : microBatches) {
            List<BatchShard> shards = sharding.training(batch);
            for (int replica = 0; replica < shards.size(); replica++) {
                shardsOfReplica.get(replica).add(shards.get(replica));
            }
        }
        List<Callable<Double>> tasks = new ArrayList<>();
        for (int replica = 0; replica < shardsOfReplica.size(); replica++) {
            tasks.add(task(replica, shardsOfReplica.get(replica), scale));
        }
        return tasks;
    }

    /** Forward and backward pass of one replica's shards; returns their summed loss. */
    private Callable<Double> task(int replica, List<BatchShard> shards, double scale) {
        Workspace workspace = workspaces.get(replica);
        return workspace.around(() -> {
            try {
                double loss = 0;
                for (int index = 0; index < shards.size(); index++) {
                    workspace.next();
                    IntConsumer finished = index == shards.size() - 1 ? layer -> sum.finished(replica, layer) : _ -> {};
                    loss += model.lossAndGradient(shards.get(index), scale, gradients.get(replica), finished);
                }
                return loss;
            } finally {
                sum.ended(replica);
            }
        });
    }

    /**
     * Targets of the micro-batches of a step.
     *
     * @param count number of loss tokens
     * @param weight sum of their loss weights
     */
    record Targets(long count, double weight) {
        /** Validates the batches and counts their targets. */
        static Targets of(List<Batch> batches, BatchLimits limits) {
            long count = 0;
            double weight = 0;
            for (Batch batch : batches) {
                limits.check(batch);
                count += batch.lossTokens();
                weight += batch.lossWeight();
            }
            return new Targets(count, weight);
        }
    }
}
