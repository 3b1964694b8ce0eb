package io.rootstock.inference.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rootstock.inference.v1.TokenLogprob;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Continuations of texts, whole or their next pieces.
 *
 * @param id of the answer
 * @param object text_completion
 * @param created in seconds since 1970
 * @param model the version that answers
 * @param choices the continuations, or their next pieces
 * @param usage what they took; null but in the whole and in the last event of a stream that is to tell it
 */
@RegisterForReflection
record CompletionAnswer(String id, String object, long created, String model, List<Choice> choices, Usage usage) {
    static CompletionAnswer of(Answer answer, List<Choice> choices, Usage usage) {
        return new CompletionAnswer(answer.id(), "text_completion", answer.created(), answer.model(), choices, usage);
    }

    /**
     * One of the continuations.
     *
     * @param index which, from 0: all of the first prompt, all of the second, and so on
     * @param text the text, or what comes to it
     * @param logprobs of its tokens; null where there are none
     * @param finishReason why it ended; null: it goes on
     * @param stopReason the stop string that was met; null: none was
     * @param promptLogprobs of the prompt's tokens; null where they were not asked for by that name
     */
    @RegisterForReflection
    record Choice(
            int index,
            String text,
            @JsonInclude(JsonInclude.Include.ALWAYS) Logprobs logprobs,
            @JsonInclude(JsonInclude.Include.ALWAYS) String finishReason,
            String stopReason,
            List<TokenEntry> promptLogprobs) {}

    /**
     * How likely the tokens were, a list for each of its sides.
     *
     * @param tokens their texts
     * @param tokenLogprobs natural logarithms of their probabilities; null for the first of a prompt
     * @param topLogprobs the likeliest at their places and they themselves, by text; null where not asked for
     * @param textOffset characters of the text before them
     */
    @RegisterForReflection
    record Logprobs(
            List<String> tokens,
            List<Float> tokenLogprobs,
            @JsonInclude(JsonInclude.Include.ALWAYS) List<Map<String, Float>> topLogprobs,
            List<Integer> textOffset) {}

    /** The likeliest tokens at a token's place and itself, by text; none for the first of a prompt. */
    static Map<String, Float> likeliest(TokenLogprob token) {
        if (!token.hasLogprob()) {
            return Map.of();
        }
        Map<String, Float> likeliest = new LinkedHashMap<>();
        token.getAlternativesList()
                .forEach(alternative -> likeliest.putIfAbsent(TokenText.of(alternative), alternative.getLogprob()));
        likeliest.putIfAbsent(TokenText.of(token), token.getLogprob());
        return likeliest;
    }
}
