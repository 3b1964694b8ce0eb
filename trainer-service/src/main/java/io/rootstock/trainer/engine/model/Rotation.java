package io.rootstock.trainer.engine.model;

import io.rootstock.torch.Tensor;

/** Rotary position embedding (Su et al. 2021) and the split of the fused projection into heads for flash attention. */
public interface Rotation {
    /** Queries, keys and values [B,H,L,d]; keys and values are repeated for each query head of their group. */
    record Heads(Tensor queries, Tensor keys, Tensor values) {}

    /** Splits the fused projection [N,(H+2K)d], compute type, into heads and rotates queries and keys. */
    Heads forward(Tensor queryKeyValue, int batchRows, int length);

    /** Returns the gradient of the fused projection [N,(H+2K)d], compute type, from the gradients of the heads. */
    Tensor backward(Heads gradients, int batchRows, int length);
}
