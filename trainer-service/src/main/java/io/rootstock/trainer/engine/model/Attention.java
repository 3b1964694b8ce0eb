package io.rootstock.trainer.engine.model;

import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.batch.RowSpans;
import java.util.List;

/**
 * Causal grouped-query attention with rotary position embeddings, from the fused query-key-value projection to the
 * concatenated heads, and its gradient. N tokens in B rows, H query heads and K key-value heads of width d.
 */
public interface Attention {
    /**
     * Result of the forward pass.
     *
     * @param output concatenated head outputs [N,Hd], compute type
     * @param saved tensors that the backward pass reads, in an order that the implementation defines
     */
    record Attended(Tensor output, List<Tensor> saved) {}

    /** Maximum share of padding with which rows of different lengths are computed together; 0 if they cannot be. */
    default double maxPadding() {
        return 0;
    }

    /**
     * Computes attention within each row of a block.
     *
     * @param queryKeyValue fused projection [N,(H+2K)d], compute type
     * @param block the rows; of equal length if {@link #maxPadding} is 0
     */
    Attended forward(Tensor queryKeyValue, RowSpans.Block block);

    /**
     * Returns the gradient with respect to the fused projection [N,(H+2K)d], compute type.
     *
     * @param attended result of {@link #forward}
     * @param gradient gradient of the output [N,Hd], compute type
     * @param block the rows of the forward pass
     */
    Tensor backward(Attended attended, Tensor gradient, RowSpans.Block block);
}
