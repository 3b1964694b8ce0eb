package io.rootstock.trainer.engine;

/** Precision of training. Master weights, gradients and optimizer state are float32 except under {@link #FLOAT64}. */
public enum Precision {
    /** All arithmetic in float64, for checks of the mathematics. */
    FLOAT64,
    /** All arithmetic in float32. */
    FLOAT32,
    /** Matrix products in bfloat16; softmax, norms, loss and optimizer in float32. */
    BFLOAT16
}
