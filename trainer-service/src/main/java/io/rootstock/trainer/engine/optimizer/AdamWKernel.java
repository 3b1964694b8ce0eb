package io.rootstock.trainer.engine.optimizer;

/** Implementation of AdamW's elementwise update. */
@FunctionalInterface
public interface AdamWKernel {
    /** Updates weights, moments and compute copy of the elements from (inclusive) to (exclusive). */
    void update(OptimizerState state, long from, long to, AdamWStep step);
}
