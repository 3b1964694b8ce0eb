package io.rootstock.dataset;

/** What the rows of a dataset are, and so what a shard holds beside its tokens. */
public enum DatasetKind {
    /** Documents: {@code bot text eot}; every token counts for the loss. */
    PRETRAINING,
    /** {@code bot} and a rendered chat; an answer mask says which tokens count for the loss. */
    INSTRUCTION,
    /** {@code bot text eot} and a label; the head reads the hidden state at the final token. */
    CLASSIFICATION,
    /**
     * Two INSTRUCTION rows one behind the other, the chosen answer's and the rejected one's; a mask says which tokens are
     * answers and where the second row begins.
     */
    PREFERENCE
}
