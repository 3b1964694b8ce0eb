package io.rootstock.inference.completion;

import io.rootstock.inference.engine.adapter.AdapterUse;
import io.rootstock.inference.engine.sampling.Logprobs;
import io.rootstock.inference.engine.sampling.TokenRules;
import io.rootstock.inference.engine.scheduling.GenerationRequest;
import io.rootstock.inference.model.LoadedModel;
import io.rootstock.inference.model.ModelTokenizer;
import io.rootstock.inference.session.Scheduling;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.SamplingDefaults;
import io.rootstock.llama.SamplerOptions;
import io.rootstock.service.Errors;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The validated generation options of a request. Options that depend on the model (its context length and vocabulary)
 * are checked when the engine's request is created.
 */
final class CheckedOptions {
    private static final int MAX_STOPS = 16;
    private static final int MAX_STOP_LENGTH = 256;

    private final GenerationOptions options;
    private final SamplerOptions sampling;
    private final String requestId;

    CheckedOptions(GenerationOptions options) {
        this.options = options;
        int count = options.getN();
        int topLogprobs = options.getTopLogprobs();
        require(options.getMaxTokens() >= 0, "max_tokens", "must be at least 0, was " + options.getMaxTokens());
        require(
                count >= 0 && count <= GenerationRequest.MAX_COMPLETIONS,
                "n",
                "must be 1 to " + GenerationRequest.MAX_COMPLETIONS + ", was " + count);
        require(
                topLogprobs >= 0 && topLogprobs <= Logprobs.MAX_TOP_LOGPROBS,
                "top_logprobs",
                "must be 0 to " + Logprobs.MAX_TOP_LOGPROBS + ", was " + topLogprobs);
        require(
                topLogprobs == 0 || options.getLogprobs() || options.getPromptLogprobs(),
                "top_logprobs",
                "come with log-probabilities: ask for logprobs or prompt_logprobs too");
        Scheduling scheduling = Scheduling.of(options.getRequestId(), options.getPriority(), "options.");
        checkStops();
        checkQueueTimeout();
        this.sampling = Samplings.options(options.getSampling());
        this.requestId = scheduling.requestId();
    }

    /** The request's id, or a generated one. */
    String requestId() {
        return requestId;
    }

    /** Whether two equal models give equal answers: one completion, without sampling. */
    boolean isDeterministic() {
        return count() == 1 && sampling.temperature() == 0;
    }

    /** Number of completions. */
    int count() {
        return Math.max(1, options.getN());
    }

    /** The options as the client sent them. */
    GenerationOptions asked() {
        return options;
    }

    /**
     * Creates the engine's request.
     *
     * @param promptField field named in the error if the prompt is invalid
     */
    GenerationRequest request(
            LoadedModel model,
            int[] prompt,
            String promptField,
            Optional<String> grammar,
            Optional<AdapterUse> adapter,
            Duration standardQueueTimeout) {
        int contextLength = model.contextLength();
        if (prompt.length >= contextLength) {
            // litellm and agents recognize "this model's maximum context length is" and then shorten the conversation.
            throw Errors.invalidArguments(
                    "CONTEXT_LENGTH_EXCEEDED",
                    Map.of(
                            promptField,
                            "has " + prompt.length + " tokens, which leaves no room for an answer: this model's maximum"
                                    + " context length is " + contextLength + " tokens"));
        }
        if (prompt.length == 0) {
            throw Errors.invalidArgument(promptField, "has no tokens; the model needs at least one to continue");
        }
        int maxTokens = options.getMaxTokens();
        require(
                maxTokens <= contextLength,
                "max_tokens",
                "must be 1 to the context length " + contextLength + ", was " + maxTokens);
        int limit = maxTokens == 0 ? SamplingDefaults.MAX_TOKENS : maxTokens;
        require(
                options.getMinTokens() >= 0 && options.getMinTokens() <= limit,
                "min_tokens",
                "must be 0 to the maximum of " + limit + " tokens, was " + options.getMinTokens());
        checkVocabulary(model.tokenizer().vocabularySize());
        return new GenerationRequest(
                prompt,
                limit,
                sampling,
                options.getStopList(),
                rules(model.tokenizer()),
                new Logprobs(options.getLogprobs(), options.getTopLogprobs(), options.getPromptLogprobs()),
                grammar,
                adapter,
                count(),
                requestId,
                options.getPriority(),
                options.hasQueueTimeout() ? queueTimeout() : standardQueueTimeout,
                !options.getBypassPrefixCache(),
                options.getReturnTokenIds());
    }

    private TokenRules rules(ModelTokenizer tokenizer) {
        Set<Integer> stops = Set.copyOf(options.getStopTokenIdsList());
        Set<Integer> allowed = Set.copyOf(options.getAllowedTokenIdsList());
        boolean early = options.getMinTokens() > 0;
        boolean endless = early || options.getIgnoreEndOfText();
        require(
                allowed.isEmpty()
                        || allowed.stream()
                                .anyMatch(token ->
                                        !(endless && tokenizer.ends(token)) && !(early && stops.contains(token))),
                "allowed_token_ids",
                "must hold a token that does not end the text: min_tokens, or ignoring the end of text, excludes the others");
        return new TokenRules(options.getIgnoreEndOfText(), options.getMinTokens(), stops, allowed);
    }

    private void checkStops() {
        List<String> stops = options.getStopList();
        require(stops.size() <= MAX_STOPS, "stop", "must hold at most " + MAX_STOPS + " texts, holds " + stops.size());
        for (int i = 0; i < stops.size(); i++) {
            int length = stops.get(i).length();
            require(
                    length >= 1 && length <= MAX_STOP_LENGTH,
                    "stop[" + i + "]",
                    "must have 1 to " + MAX_STOP_LENGTH + " characters, has " + length);
        }
        int tokens = options.getStopTokenIdsCount();
        require(tokens <= MAX_STOPS, "stop_token_ids", "must hold at most " + MAX_STOPS + " tokens, holds " + tokens);
    }

    private void checkQueueTimeout() {
        if (options.hasQueueTimeout()) {
            require(
                    !queueTimeout().isNegative() && queueTimeout().compareTo(GenerationRequest.NO_TIMEOUT) <= 0,
                    "queue_timeout",
                    "must be 0 s to 365 days, was " + options.getQueueTimeout().getSeconds() + " s");
        }
    }

    private void checkVocabulary(int size) {
        for (int i = 0; i < options.getStopTokenIdsCount(); i++) {
            int token = options.getStopTokenIds(i);
            require(token >= 0 && token < size, "stop_token_ids[" + i + "]", unknown(token, size));
        }
        for (int i = 0; i < options.getAllowedTokenIdsCount(); i++) {
            int token = options.getAllowedTokenIds(i);
            require(token >= 0 && token < size, "allowed_token_ids[" + i + "]", unknown(token, size));
        }
        sampling.logitBias()
                .keySet()
                .forEach(token -> require(
                        token >= 0 && token < size, "sampling.logit_bias[" + token + "]", unknown(token, size)));
    }

    private Duration queueTimeout() {
        return Duration.ofSeconds(
                options.getQueueTimeout().getSeconds(),
                options.getQueueTimeout().getNanos());
    }

    private static String unknown(int token, int size) {
        return "must be a token of the model, 0 to " + (size - 1) + ", was " + token;
    }

    private static void require(boolean condition, String field, String description) {
        if (!condition) {
            throw Errors.invalidArgument("options." + field, description);
        }
    }
}
