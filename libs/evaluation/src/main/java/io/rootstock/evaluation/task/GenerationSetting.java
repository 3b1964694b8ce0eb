package io.rootstock.evaluation.task;

import java.util.List;

/**
 * Greedy generation of a {@code generate_until} task.
 *
 * @param until stop sequences; the end-of-text token stops too
 * @param maxTokens largest number of generated tokens
 */
public record GenerationSetting(List<String> until, int maxTokens) {
    /** lm-evaluation-harness' default of {@code max_gen_toks}. */
    public static final int DEFAULT_MAX_TOKENS = 256;

    public GenerationSetting {
        until = List.copyOf(until);
    }
}
