package io.rootstock.inference.openai.chat;

import io.rootstock.inference.http.FieldNames;
import io.rootstock.inference.http.Fields;
import io.rootstock.inference.http.Json;
import io.rootstock.inference.openai.generation.GenerationOptionsReader;
import io.rootstock.inference.openai.generation.StreamOptions;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.Message;
import io.rootstock.inference.v1.Tools;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A request of {@code /v1/chat/completions}.
 *
 * @param model the model's name in the request
 * @param messages the messages, in the request's order
 * @param tools functions that may be called
 * @param options generation options
 * @param variables additional variables of the chat template
 * @param stream streaming options
 * @param oneCall at most one tool call per answer
 * @param legacy whether calls are returned in {@code function_call} instead of {@code tool_calls}
 */
public record ChatCompletionRequest(
        String model,
        List<Message> messages,
        Tools tools,
        GenerationOptions options,
        Map<String, Object> variables,
        StreamOptions stream,
        boolean oneCall,
        boolean legacy) {
    /**
     * Reads a request and registers its names of the contract's fields.
     *
     * @throws io.grpc.StatusRuntimeException if a field is invalid or unknown
     */
    public static ChatCompletionRequest read(Fields body, FieldNames names) {
        GenerationOptions.Builder options = GenerationOptionsReader.read(body, names);
        if (body.has("max_tokens") && body.has("max_completion_tokens")) {
            throw body.refused("max_tokens", "must not be set beside max_completion_tokens");
        }
        String limit = body.has("max_tokens") ? "max_tokens" : "max_completion_tokens";
        names.put("options.max_tokens", limit);
        body.number(limit).ifPresent(options::setMaxTokens);
        body.flag("logprobs").ifPresent(options::setLogprobs);
        body.integer("top_logprobs").ifPresent(options::setTopLogprobs);
        body.acceptNeutral("best_of", 1);
        List<String> modalities = body.texts("modalities");
        if (!modalities.stream().allMatch("text"::equals)) {
            throw body.refused("modalities", "must be text: this service makes nothing else");
        }
        boolean legacy = FunctionsReader.reads(body);
        ChatCompletionRequest request = new ChatCompletionRequest(
                body.text("model").orElse(""),
                MessageReader.read(body.objects("messages"), names),
                legacy ? FunctionsReader.read(body, names) : ToolsReader.read(body, names),
                options.build(),
                variables(body),
                StreamOptions.read(body),
                !body.flag("parallel_tool_calls").orElse(true) || legacy,
                legacy);
        body.end();
        return request;
    }

    private static Map<String, Object> variables(Fields body) {
        Map<String, Object> variables = new HashMap<>();
        for (String name : List.of("reasoning_effort", "verbosity")) {
            body.text(name).ifPresent(value -> variables.put(name, value));
        }
        body.tree("chat_template_kwargs").ifPresent(given -> variables.putAll(Json.map(given)));
        return variables;
    }
}
