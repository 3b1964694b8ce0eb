package io.rootstock.bench.finetunes;

import java.io.IOException;
import java.util.List;

/** A fine-tune and its evaluation. */
interface Recipe {
    /** Name of the task and of the fine-tuned model. */
    String name();

    /** Trains, evaluates base and fine-tune on the same rows, and returns a comparison for each metric. */
    List<Comparison> run(Workshop workshop) throws IOException;
}
