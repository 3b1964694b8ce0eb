package io.rootstock.dataset;

/** Kind of the rows of a dataset; determines the data that a shard stores with the tokens. */
public enum DatasetKind {
    /** Documents: {@code [BOS] text EOS}; every token counts in the loss. */
    PRETRAINING,
    /** A rendered conversation; a loss mask marks the tokens that count in the loss. */
    INSTRUCTION,
    /** {@code [BOS] text}, with EOS where the tokenizer adds it, and a label; the head reads the hidden state at the final token. */
    CLASSIFICATION,
    /**
     * Two concatenated INSTRUCTION rows, with the chosen and the rejected answer; a mask marks the tokens of the
     * answers and the beginning of the second row.
     */
    PREFERENCE
}
