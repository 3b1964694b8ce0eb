package io.rootstock.trainer.engine;

/** Arithmetic of a model. Weights, gradients and optimizer state are float32 save for {@link #FLOAT64}. */
public enum Precision {
    /** Everything in 64-bit floats, master weights too: for checks of the mathematics. */
    FLOAT64,
    /** Everything in 32-bit floats. */
    FLOAT32,
    /** Matrix products in bfloat16; attention, norms, loss, master weights and optimizer in 32-bit floats. */
    BFLOAT16
}
