package io.rootstock.inference.openai.completion;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.inference.http.FieldNames;
import io.rootstock.inference.http.Fields;
import io.rootstock.inference.openai.generation.GenerationOptionsReader;
import io.rootstock.inference.openai.generation.StreamOptions;
import io.rootstock.inference.v1.GenerationOptions;
import java.util.List;

/**
 * A request of {@code /v1/completions}.
 *
 * @param model the model's name in the request
 * @param prompts the prompts, continued independently
 * @param options generation options
 * @param stream streaming options
 * @param echo whether each completion begins with its prompt
 * @param promptOnly whether only the prompt is returned: {@code max_tokens} is 0
 */
record CompletionRequest(
        String model,
        List<RequestPrompt> prompts,
        GenerationOptions options,
        StreamOptions stream,
        boolean echo,
        boolean promptOnly) {
    sealed interface RequestPrompt {}

    /**
     * A prompt as text; special tokens in it are parsed.
     *
     * @param addSpecialTokens add the tokens that the special token rule puts before a text
     */
    record Text(String text, boolean addSpecialTokens) implements RequestPrompt {}

    /** A prompt as token ids. */
    record Tokens(List<Integer> tokens) implements RequestPrompt {}

    /** An omitted prompt: a text is generated from its beginning. */
    record Beginning() implements RequestPrompt {}

    static CompletionRequest read(Fields body, FieldNames names) {
        names.put("options.max_tokens", "max_tokens");
        names.put("options.top_logprobs", "logprobs");
        GenerationOptions.Builder options = GenerationOptionsReader.read(body, names);
        boolean echo = body.flag("echo").orElse(false);
        boolean promptOnly = echo && body.integer("max_tokens").orElse(1) == 0;
        if (promptOnly) {
            // As in vLLM: the engine generates at least one token, which is not returned.
            options.setMaxTokens(1);
        } else {
            body.number("max_tokens").ifPresent(options::setMaxTokens);
        }
        body.integer("logprobs")
                .ifPresent(topLogprobs -> options.setLogprobs(true)
                        .setTopLogprobs(topLogprobs)
                        .setPromptLogprobs(echo || options.getPromptLogprobs()));
        int best = body.integer("best_of").orElse(1);
        if (best != 1 && best != options.getN()) {
            throw body.refused("best_of", "must be n: every text that is made is returned, was " + best);
        }
        CompletionRequest request = new CompletionRequest(
                body.text("model").orElse(""),
                body.any("prompt").map(prompt -> prompts(body, prompt)).orElseGet(() -> List.of(new Beginning())),
                options.build(),
                StreamOptions.read(body),
                echo,
                promptOnly);
        body.end();
        return request;
    }

    /** Reads a text, a list of tokens, or a list of either. */
    private static List<RequestPrompt> prompts(Fields body, JsonNode prompt) {
        boolean addSpecialTokens = body.flag("add_special_tokens").orElse(true);
        if (prompt.isTextual()) {
            return List.of(new Text(prompt.textValue(), addSpecialTokens));
        }
        if (prompt.isEmpty()) {
            throw body.refused("prompt", "must be a text, tokens, or a list of texts or tokens");
        }
        if (prompt.path(0).isTextual()) {
            return List.copyOf(body.texts("prompt").stream()
                    .map(text -> new Text(text, addSpecialTokens))
                    .toList());
        }
        return List.copyOf(body.tokenLists("prompt").stream().map(Tokens::new).toList());
    }
}
