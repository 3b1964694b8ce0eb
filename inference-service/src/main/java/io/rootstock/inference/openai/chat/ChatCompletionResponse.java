package io.rootstock.inference.openai.chat;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rootstock.inference.openai.generation.ResponseHeader;
import io.rootstock.inference.openai.generation.TokenLogprobEntry;
import io.rootstock.inference.openai.generation.Usage;
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
 * @param usage token usage; null except without streaming and in the last event of a stream that requested it
 * @param promptLogprobs log-probabilities of the prompt's tokens; null if not requested
 */
@RegisterForReflection
record ChatCompletionResponse(
        String id,
        String object,
        long created,
        String model,
        List<Choice> choices,
        Usage usage,
        List<TokenLogprobEntry> promptLogprobs) {
    static ChatCompletionResponse unary(
            ResponseHeader header, List<Choice> choices, Usage usage, List<TokenLogprob> prompt) {
        return new ChatCompletionResponse(
                header.id(),
                "chat.completion",
                header.created(),
                header.model(),
                choices,
                usage,
                TokenLogprobEntry.ofRequested(prompt));
    }

    static ChatCompletionResponse chunk(
            ResponseHeader header, List<Choice> choices, Usage usage, List<TokenLogprob> prompt) {
        return new ChatCompletionResponse(
                header.id(),
                "chat.completion.chunk",
                header.created(),
                header.model(),
                choices,
                usage,
                TokenLogprobEntry.ofRequested(prompt));
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
     */
    @RegisterForReflection
    record Choice(
            int index,
            Message message,
            Message delta,
            Logprobs logprobs,
            @JsonInclude(JsonInclude.Include.ALWAYS) String finishReason,
            String stopReason) {}

    /**
     * The assistant's message, or a delta of it.
     *
     * @param role assistant; null after the first delta
     * @param content text
     * @param toolCalls tool calls; null if there are none
     */
    @RegisterForReflection
    record Message(String role, String content, List<Call> toolCalls) {}

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
     */
    @RegisterForReflection
    record Logprobs(List<TokenLogprobEntry> content) {
        static Logprobs ofRequested(List<TokenLogprob> tokens) {
            return tokens.isEmpty() ? null : new Logprobs(TokenLogprobEntry.of(tokens));
        }
    }
}
