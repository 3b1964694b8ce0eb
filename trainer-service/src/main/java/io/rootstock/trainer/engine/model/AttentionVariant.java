package io.rootstock.trainer.engine.model;

import io.rootstock.checkpoint.RopeScaling;

/**
 * Attention parameters in which the supported families (Llama, Mistral, Qwen2, Qwen3) differ.
 *
 * @param width head width, d; even, because rotary embeddings rotate pairs
 * @param biases whether the projections of queries, keys and values have a bias (Qwen2)
 * @param norms whether each query and key head is RMS-normalized before the rotation (Qwen3)
 * @param scaling scaling of the rotary frequencies
 */
public record AttentionVariant(int width, boolean biases, boolean norms, RopeScaling scaling) {
    /** Checks that the head width is even. */
    public AttentionVariant {
        if (width <= 0 || width % 2 != 0) {
            throw new IllegalArgumentException(
                    "head width must be even, because rotary embeddings rotate pairs, was " + width);
        }
    }

    /** Llama: no biases, no head norms, unscaled frequencies. */
    public static AttentionVariant plain(int width) {
        return new AttentionVariant(width, false, false, RopeScaling.NONE);
    }
}
