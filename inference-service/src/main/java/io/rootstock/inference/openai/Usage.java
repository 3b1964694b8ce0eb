package io.rootstock.inference.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rootstock.inference.v1.Finish;
import java.util.List;

/**
 * What an answer took.
 *
 * @param promptTokens of each prompt once
 * @param completionTokens of all texts; null where none is made
 * @param totalTokens both
 * @param promptTokensDetails more of the prompt's; null where no prompt is kept
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
record Usage(int promptTokens, Integer completionTokens, int totalTokens, PromptDetails promptTokensDetails) {
    /**
     * More of the prompt's tokens.
     *
     * @param cachedTokens those that were in memory from earlier requests
     */
    @RegisterForReflection
    record PromptDetails(int cachedTokens) {}

    /** Of texts that were embedded. */
    static Usage ofPrompt(int tokens) {
        return new Usage(tokens, null, tokens, null);
    }

    /** Of prompts, by how the texts of each ended; the texts of one prompt share it. */
    static Usage of(List<List<Finish>> prompts) {
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
