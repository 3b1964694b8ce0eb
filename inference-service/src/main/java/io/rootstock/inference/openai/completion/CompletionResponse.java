package io.rootstock.inference.openai.completion;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rootstock.inference.openai.generation.ResponseHeader;
import io.rootstock.inference.openai.generation.TokenLogprobEntry;
import io.rootstock.inference.openai.generation.TokenText;
import io.rootstock.inference.openai.generation.UsageField;
import io.rootstock.inference.v1.TokenLogprob;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A response of {@code /v1/completions}, or one event of its stream.
 *
 * @param id id of the response
 * @param object text_completion
 * @param created seconds since 1970
 * @param model the version that answers
 * @param choices the completions, or their next parts
 * @param usage token usage; null in a stream that did not request it
 * @param systemFingerprint identifies the version's files and the engine
 */
@RegisterForReflection
record CompletionResponse(
        String id,
        String object,
        long created,
        String model,
        List<Choice> choices,
        UsageField usage,
        String systemFingerprint) {
    static CompletionResponse of(ResponseHeader header, List<Choice> choices, UsageField usage) {
        return new CompletionResponse(
                header.id(),
                "text_completion",
                header.created(),
                header.model(),
                choices,
                usage,
                header.systemFingerprint());
    }

    /**
     * One completion.
     *
     * @param index index of the completion, from 0: all of the first prompt, all of the second, and so on
     * @param text the text, or its next part
     * @param logprobs log-probabilities of its tokens; null if there are none
     * @param finishReason finish reason; null while the completion continues
     * @param stopReason the stop string that matched; null if none did
     * @param promptLogprobs log-probabilities of the prompt's tokens; null unless requested by {@code prompt_logprobs}
     * @param tokenIds the generated tokens; null if not requested
     * @param promptTokenIds the prompt's tokens; null if not requested, and after the first event
     */
    @RegisterForReflection
    record Choice(
            int index,
            String text,
            @JsonInclude(JsonInclude.Include.ALWAYS) Logprobs logprobs,
            @JsonInclude(JsonInclude.Include.ALWAYS) String finishReason,
            String stopReason,
            List<TokenLogprobEntry> promptLogprobs,
            List<Integer> tokenIds,
            List<Integer> promptTokenIds) {}

    /**
     * Log-probabilities of a completion as parallel lists.
     *
     * @param tokens texts of the tokens
     * @param tokenLogprobs natural logarithms of their probabilities; null for the first token of a prompt
     * @param topLogprobs the most probable tokens at each position and the token itself, by text; null if not requested
     * @param textOffset number of characters before each token
     */
    @RegisterForReflection
    record Logprobs(
            List<String> tokens,
            List<Float> tokenLogprobs,
            @JsonInclude(JsonInclude.Include.ALWAYS) List<Map<String, Float>> topLogprobs,
            List<Integer> textOffset) {}

    /**
     * The most probable tokens at a token's position and the token itself, by text; empty for a prompt's first token.
     */
    static Map<String, Float> topLogprobs(TokenLogprob token) {
        if (!token.hasLogprob()) {
            return Map.of();
        }
        Map<String, Float> top = new LinkedHashMap<>();
        token.getTopLogprobsList()
                .forEach(alternative -> top.putIfAbsent(TokenText.of(alternative), alternative.getLogprob()));
        top.putIfAbsent(TokenText.of(token), token.getLogprob());
        return top;
    }
}
