package io.rootstock.trainer.engine;

import io.rootstock.torch.Tensor;
import java.util.List;

/** Causal grouped-query attention with rotary positions, from the joint projection to the merged heads and back. */
interface Attention {
    /**
     * What forward made.
     *
     * @param output the heads' outputs side by side [N,Hd], product type
     * @param saved what backward needs besides, in the implementation's own order
     */
    record Attended(Tensor output, List<Tensor> saved) {}

    /** From queries, keys and values [N,(H+2K)d], product type. */
    Attended forward(Tensor queryKeyValue, int batchRows, int length);

    /** Gradient [N,(H+2K)d] of forward's input from that of its output [N,Hd], both product type. */
    Tensor backward(Attended attended, Tensor gradient, int batchRows, int length);
}
