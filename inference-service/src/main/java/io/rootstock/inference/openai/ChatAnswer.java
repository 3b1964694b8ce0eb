package io.rootstock.inference.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rootstock.inference.v1.TokenLogprob;
import java.util.List;

/**
 * The answers to a conversation: whole as {@code chat.completion}, in pieces as {@code chat.completion.chunk}.
 *
 * @param id of the answer
 * @param object which of the two it is
 * @param created in seconds since 1970
 * @param model the version that answers
 * @param choices the answers, or their next pieces
 * @param usage what they took; null but in the whole and in the last event of a stream that is to tell it
 * @param promptLogprobs of the prompt's tokens; null where they were not asked for
 */
@RegisterForReflection
record ChatAnswer(
        String id,
        String object,
        long created,
        String model,
        List<Choice> choices,
        Usage usage,
        List<TokenEntry> promptLogprobs) {
    static ChatAnswer whole(Answer answer, List<Choice> choices, Usage usage, List<TokenLogprob> prompt) {
        return new ChatAnswer(
                answer.id(),
                "chat.completion",
                answer.created(),
                answer.model(),
                choices,
                usage,
                TokenEntry.ofAsked(prompt));
    }

    static ChatAnswer piece(Answer answer, List<Choice> choices, Usage usage, List<TokenLogprob> prompt) {
        return new ChatAnswer(
                answer.id(),
                "chat.completion.chunk",
                answer.created(),
                answer.model(),
                choices,
                usage,
                TokenEntry.ofAsked(prompt));
    }

    /**
     * One of the answers.
     *
     * @param index which, from 0
     * @param message the whole turn; null in a piece
     * @param delta what comes to the turn; null in the whole
     * @param logprobs of its tokens; null where there are none
     * @param finishReason why it ended; null: it goes on
     * @param stopReason the stop string that was met; null: none was
     */
    @RegisterForReflection
    record Choice(
            int index,
            Turn message,
            Turn delta,
            Logprobs logprobs,
            @JsonInclude(JsonInclude.Include.ALWAYS) String finishReason,
            String stopReason) {}

    /**
     * The assistant's turn, or what comes to it.
     *
     * @param role assistant; null after the first piece
     * @param content what is said
     * @param toolCalls functions called; null: none
     */
    @RegisterForReflection
    record Turn(String role, String content, List<Call> toolCalls) {}

    /**
     * A call of a function.
     *
     * @param index which of the answer's calls, from 0, in pieces; null in the whole
     * @param id to answer it by
     * @param type function
     * @param function what is called
     */
    @RegisterForReflection
    record Call(Integer index, String id, String type, Function function) {}

    /**
     * What is called.
     *
     * @param name of the function
     * @param arguments a JSON object, as text
     */
    @RegisterForReflection
    record Function(String name, String arguments) {}

    /**
     * How likely the tokens were.
     *
     * @param content those of the text
     */
    @RegisterForReflection
    record Logprobs(List<TokenEntry> content) {
        static Logprobs ofAsked(List<TokenLogprob> tokens) {
            return tokens.isEmpty() ? null : new Logprobs(TokenEntry.of(tokens));
        }
    }
}
