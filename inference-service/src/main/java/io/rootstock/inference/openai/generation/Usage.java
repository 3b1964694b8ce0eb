package io.rootstock.inference.openai.generation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rootstock.inference.v1.Finish;
import java.util.List;

/**
 * Token usage of a request.
 *
 * @param promptTokens tokens of each prompt, counted once
 * @param completionTokens tokens of all completions; null without generation
 * @param totalTokens sum of both
 * @param promptTokensDetails details of the prompt tokens; null without generation and before its end
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Usage(int promptTokens, Integer completionTokens, int totalTokens, PromptDetails promptTokensDetails) {
    /**
     * Details of the prompt tokens.
     *
     * @param cachedTokens prompt tokens that came from the prefix cache
     */
    @RegisterForReflection
    record PromptDetails(int cachedTokens) {}

    /** Usage of embedded texts. */
    public static Usage ofPrompt(int tokens) {
        return new Usage(tokens, null, tokens, null);
    }

    /** Usage of one completion that continues. */
    static Usage soFar(int promptTokens, int completionTokens) {
        return new Usage(promptTokens, completionTokens, promptTokens + completionTokens, null);
    }

    /** Usage of prompts with the completions of each; the completions of one prompt share it. */
    public static Usage of(List<List<Finish>> prompts) {
        int prompt = 0;
        int cached = 0;
        int completion = 0;
        for (List<Finish> finishes : prompts) {
            prompt += finishes.getFirst().getPromptTokens();
            cached += finishes.getFirst().getCachedTokens();
            completion +=
                    finishes.stream().mapToInt(Finish::getCompletionTokens).sum();
        }
        return new Usage(prompt, completion, prompt + completion, new PromptDetails(cached));
    }
}
