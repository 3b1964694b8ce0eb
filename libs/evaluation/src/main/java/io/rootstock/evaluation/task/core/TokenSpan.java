package io.rootstock.evaluation.task.core;

import java.util.ArrayList;
import java.util.List;

/**
 * Scored tokens of a prompt in a CORE task.
 *
 * @param from index of the first scored token
 * @param to index after the last scored token
 */
public record TokenSpan(int from, int to) {
    /**
     * Returns the spans of a row's prompts as nanochat cuts them: multiple choice from the first token that differs,
     * schema the common tokens at the end, language modeling the tokens after the context.
     *
     * @param kind request kind
     * @param prompts token ids of each request, context and continuation tokenized as one text after the token that
     *     begins a text
     * @param contextTokens number of tokens of the first request's context, with the token that begins a text
     * @throws IllegalArgumentException if a span is empty, or begins with the first token
     */
    public static List<TokenSpan> of(CoreTask.Kind kind, List<int[]> prompts, int contextTokens) {
        List<TokenSpan> spans = new ArrayList<>();
        int common = switch (kind) {
            case MULTIPLE_CHOICE -> common(prompts, false);
            case SCHEMA -> common(prompts, true);
            case LANGUAGE_MODELING -> contextTokens;
        };
        for (int[] prompt : prompts) {
            TokenSpan span =
                    new TokenSpan(kind == CoreTask.Kind.SCHEMA ? prompt.length - common : common, prompt.length);
            if (span.from < 1 || span.from >= span.to) {
                throw new IllegalArgumentException(
                        "a prompt of " + prompt.length + " tokens has no scored token after token " + span.from);
            }
            spans.add(span);
        }
        return spans;
    }

    private static int common(List<int[]> prompts, boolean atEnd) {
        int shortest = prompts.stream().mapToInt(prompt -> prompt.length).min().orElse(0);
        for (int i = 0; i < shortest; i++) {
            for (int[] prompt : prompts) {
                int[] first = prompts.getFirst();
                int token = atEnd ? prompt[prompt.length - 1 - i] : prompt[i];
                if (token != (atEnd ? first[first.length - 1 - i] : first[i])) {
                    return i;
                }
            }
        }
        return shortest;
    }
}
