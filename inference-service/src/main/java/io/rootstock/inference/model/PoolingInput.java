package io.rootstock.inference.model;

/**
 * A text that is read whole, for its hidden state.
 *
 * @param tokens its tokens with BOS and EOS
 * @param truncated whether the text was truncated
 */
@SuppressWarnings("ArrayRecordComponent") // records are never compared; boxed tokens would cost memory
public record PoolingInput(int[] tokens, boolean truncated) {}
