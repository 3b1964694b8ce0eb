package io.rootstock.bench.training;

/** What a row trains. */
enum Work {
    /** Every position of full rows has a loss. */
    PRETRAIN("pre-training"),
    /** Rows of different lengths of which the last 40 % has a loss, as answers have; every weight is trained. */
    FULL("fine-tuning"),
    /** The same rows; adapters of rank 8 beside every matrix. */
    LORA("LoRA"),
    /** Rows of different lengths with one of two labels. */
    CLASSIFY("classification");

    final String words;

    Work(String words) {
        this.words = words;
    }
}
