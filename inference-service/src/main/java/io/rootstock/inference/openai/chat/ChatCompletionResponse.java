package io.rootstock.inference.openai.chat;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rootstock.inference.openai.generation.ResponseHeader;
import io.rootstock.inference.openai.generation.TokenLogprobEntry;
import io.rootstock.inference.openai.generation.Usage;
import io.rootstock.inference.openai.generation.UsageField;
import io.rootstock.inference.v1.TokenLogprob;
import java.util.List;

/**
 * A response of {@code /v1/chat/completions}: {@code chat.completion}, or {@code chat.completion.chunk} in a stream.
 *
 * @param id id of the response
 * @param object which of the two it is
 * @param created seconds since 1970
 * @param model the version that answers
 * @param choices the answers, or their deltas
 * @param usage token usage; null in a stream that did not request it
 * @param systemFingerprint identifies the version's files and the engine
 * @param promptLogprobs log-probabilities of the prompt's tokens; null if not requested
 * @param promptTokenIds the prompt's tokens; null if not requested
 */
@RegisterForReflection
record ChatCompletionResponse(
        String id,
        String object,
        long created,
        String model,
        List<Choice> choices,
        UsageField usage,
        String systemFingerprint,
        List<TokenLogprobEntry> promptLogprobs,
        List<Integer> promptTokenIds) {
    /**
     * Requested details of the prompt.
     *
     * @param logprobs log-probabilities of its tokens; empty if not requested
     * @param tokenIds its tokens; null if not requested
     */
    record PromptDetails(List<TokenLogprob> logprobs, List<Integer> tokenIds) {
        static final PromptDetails NONE = new PromptDetails(List.of(), null);
    }

    static ChatCompletionResponse unary(
            ResponseHeader header, List<Choice> choices, Usage usage, PromptDetails prompt) {
        return of("chat.completion", header, choices, new UsageField(usage), prompt);
    }

    static ChatCompletionResponse chunk(
            ResponseHeader header, List<Choice> choices, UsageField usage, PromptDetails prompt) {
        return of("chat.completion.chunk", header, choices, usage, prompt);
    }

    private static ChatCompletionResponse of(
            String object, ResponseHeader header, List<Choice> choices, UsageField usage, PromptDetails prompt) {
        return new ChatCompletionResponse(
                header.id(),
                object,
                header.created(),
                header.model(),
                choices,
                usage,
                header.systemFingerprint(),
                TokenLogprobEntry.ofRequested(prompt.logprobs()),
                prompt.tokenIds());
    }

    /**
     * One answer.
     *
     * @param index index of the answer, from 0
     * @param message the whole message; null in a stream
     * @param delta the next part of the message; null without streaming
     * @param logprobs log-probabilities of its tokens; null if there are none
     * @param finishReason finish reason; null while the answer continues
     * @param stopReason the stop string that matched; null if none did
     * @param tokenIds the generated tokens; null if not requested
     */
    @RegisterForReflection
    record Choice(
            int index,
            Message message,
            Delta delta,
            @JsonInclude(JsonInclude.Include.ALWAYS) Logprobs logprobs,
            @JsonInclude(JsonInclude.Include.ALWAYS) String finishReason,
            String stopReason,
            List<Integer> tokenIds) {}

    /**
     * The assistant's message.
     *
     * @param role assistant
     * @param content text; null if there are only calls
     * @param refusal null: the service does not classify answers
     * @param toolCalls tool calls; null if there are none
     * @param functionCall the call of a request with {@code functions}; null if there is none
     */
    @RegisterForReflection
    record Message(
            String role,
            @JsonInclude(JsonInclude.Include.ALWAYS) String content,
            @JsonInclude(JsonInclude.Include.ALWAYS) String refusal,
            List<Call> toolCalls,
            Function functionCall) {
        static Message of(String content, List<Call> toolCalls, Function functionCall) {
            return new Message("assistant", content, null, toolCalls, functionCall);
        }
    }

    /**
     * The next part of the assistant's message.
     *
     * @param role assistant; null after the first delta
     * @param content text; null if there is none
     * @param toolCalls tool calls; null if there are none
     * @param functionCall the call of a request with {@code functions}; null if there is none
     */
    @RegisterForReflection
    record Delta(String role, String content, List<Call> toolCalls, Function functionCall) {
        static final Delta ROLE = new Delta("assistant", "", null, null);
        static final Delta EMPTY = new Delta(null, null, null, null);

        static Delta text(String content) {
            return new Delta(null, content, null, null);
        }
    }

    /**
     * A tool call.
     *
     * @param index index of the call in its answer, from 0, in a stream; null without streaming
     * @param id id for the tool message with the result
     * @param type function
     * @param function the called function
     */
    @RegisterForReflection
    record Call(Integer index, String id, String type, Function function) {}

    /**
     * The called function.
     *
     * @param name name of the function
     * @param arguments a JSON object as text
     */
    @RegisterForReflection
    record Function(String name, String arguments) {}

    /**
     * Log-probabilities of an answer.
     *
     * @param content entries of its tokens
     * @param refusal null, as in the message
     */
    @RegisterForReflection
    record Logprobs(
            List<TokenLogprobEntry> content,
            @JsonInclude(JsonInclude.Include.ALWAYS) List<TokenLogprobEntry> refusal) {
        static Logprobs ofRequested(List<TokenLogprob> tokens) {
            return tokens.isEmpty() ? null : new Logprobs(TokenLogprobEntry.of(tokens), null);
        }
    }
}
