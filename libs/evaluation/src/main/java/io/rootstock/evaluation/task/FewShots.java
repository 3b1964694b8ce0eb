package io.rootstock.evaluation.task;

import java.util.Optional;

/**
 * Few-shot examples of a task.
 *
 * @param count {@code num_fewshot}
 * @param split {@code fewshot_split} or the split of {@code fewshot_config}; empty for lm-evaluation-harness' order:
 *     training, validation, test
 * @param sampler selection of the examples
 */
public record FewShots(int count, Optional<String> split, Sampler sampler) {
    /** Selection of few-shot examples. */
    public enum Sampler {
        /** {@code Random(1234).sample}, one generator for all rows of a task. */
        DEFAULT,
        /** The first rows of the split. */
        FIRST_N
    }
}
