package io.rootstock.trainer.engine;

import io.rootstock.torch.Tensor;

/** Heads as flash attention reads them, queries and keys turned by their position (Su et al. 2021). */
interface Rotation {
    /** Queries, keys and values [B,H,L,d]; keys and values are repeated for the query heads that share them. */
    record Heads(Tensor queries, Tensor keys, Tensor values) {}

    /** From [N,(H+2K)d], product type. */
    Heads forward(Tensor queryKeyValue, int batchRows, int length);

    /** Gradient of forward's input [N,(H+2K)d], product type, from the heads' gradients. */
    Tensor backward(Heads gradients, int batchRows, int length);
}
