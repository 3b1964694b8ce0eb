package io.rootstock.evaluator.scoring;

import io.rootstock.evaluation.task.core.CoreTask;
import io.rootstock.evaluation.task.core.TokenSpan;
import java.util.Arrays;
import java.util.List;

/**
 * Tokens of a CORE row: the prompts, and in each of them the scored tokens.
 *
 * @param prompts tokens of each request
 * @param starts index of the first scored token of each prompt; the last scored token is the prompt's last
 */
record CoreTokens(List<int[]> prompts, List<Integer> starts) {
    CoreTokens {
        prompts = List.copyOf(prompts);
        starts = List.copyOf(starts);
    }

    /**
     * Cuts the prompts as nanochat does. Where a prompt is the beginning of all others, nanochat scores no token of it;
     * here its last token is scored, in every prompt at the same place.
     *
     * @throws IllegalArgumentException if the scored tokens would begin with the first token
     */
    static CoreTokens of(CoreTask.Kind kind, List<int[]> prompts) {
        int shortest = prompts.stream().mapToInt(prompt -> prompt.length).min().orElse(0);
        int[] first = prompts.getFirst();
        boolean isBeginning = kind == CoreTask.Kind.MULTIPLE_CHOICE
                && prompts.stream().allMatch(prompt -> Arrays.mismatch(first, 0, shortest, prompt, 0, shortest) < 0);
        if (isBeginning) {
            if (shortest < 2) {
                throw new IllegalArgumentException("a prompt of " + shortest + " tokens has no token to score");
            }
            return new CoreTokens(
                    prompts, prompts.stream().map(_ -> shortest - 1).toList());
        }
        return new CoreTokens(
                prompts,
                TokenSpan.of(kind, prompts, 0).stream().map(TokenSpan::from).toList());
    }

    /** Tokens of a prompt before the scored ones. */
    int[] before(int prompt) {
        return Arrays.copyOf(prompts.get(prompt), starts.get(prompt));
    }

    /** Scored tokens of a prompt. */
    int[] scored(int prompt) {
        int[] tokens = prompts.get(prompt);
        return Arrays.copyOfRange(tokens, starts.get(prompt), tokens.length);
    }
}
