package io.rootstock.dataset;

/** Kind of the rows of a dataset; determines the data that a shard stores with the tokens. */
public enum DatasetKind {
    /** Documents: {@code bot text eot}; every token counts in the loss. */
    PRETRAINING,
    /** {@code bot} and a rendered conversation; a loss mask marks the tokens that count in the loss. */
    INSTRUCTION,
    /** {@code bot text eot} and a label; the head reads the hidden state at the final token. */
    CLASSIFICATION,
    /**
     * Two concatenated INSTRUCTION rows, with the chosen and the rejected answer; a mask marks the tokens of the
     * answers and the beginning of the second row.
     */
    PREFERENCE
}
