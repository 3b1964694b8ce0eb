package io.rootstock.trainer.engine.batch;

/** Rows of token ids, padded to one length by the caller, with their targets. */
public sealed interface Batch permits LanguageBatch, ClassificationBatch, PreferenceBatch {
    /** Number of rows, B. */
    int rows();

    /** Length of each row in tokens, L; at most the model's context length. */
    int length();

    /** Token ids, row-major [B*L]. */
    int[] tokens();

    /** Length of each row without its padding [B], in tokens. */
    int[] lengths();

    /** Number of predictions with a loss. */
    long lossTokens();

    /** Sum of the loss weights; the mean loss is the weighted sum of losses divided by it. */
    default double lossWeight() {
        return lossTokens();
    }
}
