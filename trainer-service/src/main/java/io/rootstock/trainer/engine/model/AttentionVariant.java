package io.rootstock.trainer.engine;

import io.rootstock.checkpoint.RopeScaling;

/**
 * In what the families differ: how a layer makes its heads.
 *
 * @param width d, values of a head; even, because rotary positions turn pairs
 * @param biases whether the projections of queries, keys and values add a bias (Qwen2)
 * @param norms whether each head of queries and keys is normed before it is turned (Qwen3)
 * @param scaling how the rotary frequencies are changed
 */
public record HeadForm(int width, boolean biases, boolean norms, RopeScaling scaling) {
    /** Refuses heads that cannot be turned. */
    public HeadForm {
        if (width <= 0 || width % 2 != 0) {
            throw new IllegalArgumentException(
                    "a head's width must be even, because rotary positions turn pairs, was " + width);
        }
    }

    /** Llama's heads. */
    public static HeadForm plain(int width) {
        return new HeadForm(width, false, false, RopeScaling.NONE);
    }
}
