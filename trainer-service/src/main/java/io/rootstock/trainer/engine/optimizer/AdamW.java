package io.rootstock.trainer.engine.optimizer;

import java.util.List;
import java.util.concurrent.Callable;

/** AdamW (Loshchilov and Hutter 2019). Weight decay applies to matrices, not to gains and biases. */
public final class AdamW implements Optimizer {
    private final AdamWKernel kernel;

    AdamW(AdamWKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public List<Callable<Void>> matrixUpdates(OptimizerState state, OptimizerStep step) {
        return List.of();
    }

    @Override
    public void updateRange(OptimizerState state, OptimizerStep step, long from, long to) {
        AdamWStep decaying = AdamWStep.of(step);
        long matricesEnd = Math.clamp(state.weights().layout().matrixElements(), from, to);
        kernel.update(state, from, matricesEnd, decaying);
        kernel.update(state, matricesEnd, to, decaying.withoutWeightDecay());
    }
}
