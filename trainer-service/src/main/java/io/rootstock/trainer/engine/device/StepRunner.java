package io.rootstock.trainer.engine.device;

import io.rootstock.trainer.engine.batch.BatchShard;
import io.rootstock.trainer.engine.optimizer.Optimizer;
import java.util.List;
import java.util.Optional;

/** Runs a whole training step, from tokens to updated weights, without the host in between. */
public interface StepRunner {
    /**
     * Input of a step.
     *
     * @param shards this process's shards of all micro-batches
     * @param scale 1 / sum of the loss weights: turns the summed loss and gradient into their means
     * @param optimizerStep number of the update, from 1
     * @param learningRate learning rate
     * @param settings optimizer settings
     * @param lossCeiling largest mean loss, in nats, at which the weights are updated
     */
    record Work(
            List<BatchShard> shards,
            double scale,
            long optimizerStep,
            double learningRate,
            Optimizer.Settings settings,
            double lossCeiling) {}

    /**
     * Result of a step.
     *
     * @param meanLoss weighted mean of the losses before the update, in nats
     * @param gradientNorm global 2-norm of the mean gradient, before clipping
     * @param updated whether the weights were updated
     */
    record Outcome(double meanLoss, double gradientNorm, boolean updated) {}

    /** Runs the step; empty if this runner cannot run it, and the caller must run it operation by operation. */
    Optional<Outcome> step(ReplicaThreads threads, Work work);
}
