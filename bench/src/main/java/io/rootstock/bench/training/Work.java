package io.rootstock.bench.training;

/** Training task of a row. */
enum Work {
    /** Every position of full rows has a loss. */
    PRETRAIN("pre-training"),
    /** Rows of different lengths with a loss on the last 40 %, as for answers; all weights are trained. */
    FULL("fine-tuning"),
    /** Rows as in FULL; adapters of rank 8 on every matrix. */
    LORA("LoRA"),
    /** Rows of different lengths with one of two labels. */
    CLASSIFY("classification");

    final String words;

    Work(String words) {
        this.words = words;
    }
}
