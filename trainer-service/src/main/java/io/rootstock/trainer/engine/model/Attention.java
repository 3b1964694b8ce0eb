package io.rootstock.trainer.engine.model;

import io.rootstock.torch.Tensor;
import java.util.List;

/**
 * Causal grouped-query attention with rotary position embeddings, from the fused query-key-value projection to the
 * concatenated heads, and its gradient. N = B*L tokens, H query heads and K key-value heads of width d.
 */
public interface Attention {
    /**
     * Result of the forward pass.
     *
     * @param output concatenated head outputs [N,Hd], compute type
     * @param saved tensors that the backward pass reads, in an order that the implementation defines
     */
    record Attended(Tensor output, List<Tensor> saved) {}

    /**
     * Computes attention for rows of equal length.
     *
     * @param queryKeyValue fused projection [N,(H+2K)d], compute type
     * @param batchRows number of rows, B
     * @param length tokens per row, L
     */
    Attended forward(Tensor queryKeyValue, int batchRows, int length);

    /**
     * Returns the gradient with respect to the fused projection [N,(H+2K)d], compute type.
     *
     * @param attended result of {@link #forward}
     * @param gradient gradient of the output [N,Hd], compute type
     * @param batchRows number of rows, B
     * @param length tokens per row, L
     */
    Tensor backward(Attended attended, Tensor gradient, int batchRows, int length);
}
