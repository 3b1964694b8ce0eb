package io.rootstock.trainer.engine;

/** Rows of equally many tokens, padded by the caller, with what the model shall say about them. */
public sealed interface Batch permits LanguageBatch, ClassificationBatch, PreferenceBatch {
    /** Rows, B. */
    int rows();

    /** Tokens of each row, L; at most the model's context length. */
    int length();

    /** Token ids, row-major [B*L]. */
    int[] tokens();

    /** Tokens of each row up to the last that matters [B]; what follows is padding. */
    int[] lengths();

    /** How many predictions have a loss. */
    long lossTokens();

    /** Sum of the predictions' weights, by which the sum of their losses is divided. */
    default double lossWeight() {
        return lossTokens();
    }
}
