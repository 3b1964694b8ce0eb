package io.rootstock.trainer.engine;

/**
 * What of a layer's forward the backward makes again instead of having kept it. The gradients are the same to the last
 * bit: the same operations meet the same values. Norms and SwiGLU's output are made again in any case, because that costs
 * less than the memory's traffic.
 */
public enum Recomputation {
    /** Nothing more: fastest. */
    NONE,
    /** Queries, keys, values and attention: least time for the memory, most of it where rows are long. */
    ATTENTION,
    /** All of the layer but its input: least memory, about a third more time. */
    BLOCK
}
