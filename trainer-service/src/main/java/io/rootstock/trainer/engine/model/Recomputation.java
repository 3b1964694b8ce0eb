package io.rootstock.trainer.engine.model;

/**
 * Activation recomputation (gradient checkpointing): which activations of a layer are recomputed in the backward pass.
 * Gradients are bit-identical for all values. Norms and the output of SwiGLU are recomputed in any case, which costs less
 * than the memory traffic.
 */
public enum Recomputation {
    /** Keeps all other activations: fastest. */
    NONE,
    /** Recomputes queries, keys, values and attention: least time per byte saved, most effective for long rows. */
    ATTENTION,
    /** Keeps the layer's input alone: least memory, about one third more time. */
    BLOCK
}
