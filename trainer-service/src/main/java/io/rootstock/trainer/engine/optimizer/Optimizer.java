package io.rootstock.trainer.engine.optimizer;

import java.util.List;
import java.util.concurrent.Callable;

/**
 * An update rule. One update runs the matrix updates in any order and on any threads, and then covers the whole flat buffer
 * by ranges. The result does not depend on the threads or on the division into ranges.
 */
public interface Optimizer {
    /**
     * The optimizer of these settings.
     *
     * @param adamw kernel for AdamW's part of the update
     */
    static Optimizer of(OptimizerSettings settings, AdamWKernel adamw) {
        AdamW elementwise = new AdamW(adamw);
        return settings.muon().isPresent() ? new Muon(elementwise) : elementwise;
    }

    /** Independent tasks that each update one whole matrix; all must finish before the first range starts. */
    List<Callable<Void>> matrixUpdates(OptimizerState state, OptimizerStep step);

    /** Updates the elements from (inclusive) to (exclusive) that no matrix update covers, and the compute copy of all. */
    void updateRange(OptimizerState state, OptimizerStep step, long from, long to);
}
