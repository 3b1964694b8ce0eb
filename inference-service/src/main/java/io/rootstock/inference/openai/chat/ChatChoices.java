package io.rootstock.inference.openai.chat;

import io.rootstock.inference.completion.Delta;
import io.rootstock.inference.completion.UnaryCompletion;
import io.rootstock.inference.openai.chat.ChatCompletionResponse.Call;
import io.rootstock.inference.openai.chat.ChatCompletionResponse.Choice;
import io.rootstock.inference.openai.chat.ChatCompletionResponse.Function;
import io.rootstock.inference.openai.chat.ChatCompletionResponse.Logprobs;
import io.rootstock.inference.openai.chat.ChatCompletionResponse.Message;
import io.rootstock.inference.openai.generation.ResponseHeader;
import io.rootstock.inference.openai.generation.TokenDetails;
import io.rootstock.inference.openai.generation.Usage;
import io.rootstock.inference.v1.Finish;
import io.rootstock.inference.v1.ToolCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Converts completions and their deltas to choices: in a stream, the first delta of each answer contains the role, and
 * each tool call is one delta.
 */
final class ChatChoices {
    private static final String FUNCTION_CALL = "function_call";

    private final TokenDetails details;
    private final boolean oneCall;
    private final boolean legacy;
    private final Map<Integer, Integer> calls = new HashMap<>();
    private final List<Finish> finishes = new ArrayList<>();

    /**
     * Converts one response.
     *
     * @param oneCall omit all calls of an answer but the first
     * @param legacy return calls in {@code function_call}; needs {@code oneCall}
     */
    ChatChoices(TokenDetails details, boolean oneCall, boolean legacy) {
        this.details = details;
        this.oneCall = oneCall;
        this.legacy = legacy;
    }

    /** The choice of a whole answer. */
    Choice of(UnaryCompletion completion) {
        finishes.add(completion.finish());
        List<ToolCall> made =
                completion.calls().stream().limit(oneCall ? 1 : Long.MAX_VALUE).toList();
        boolean silent = completion.text().isEmpty() && !made.isEmpty();
        return new Choice(
                completion.index(),
                Message.of(
                        silent ? null : completion.text(),
                        made.isEmpty() || legacy
                                ? null
                                : made.stream().map(call -> call(null, call)).toList(),
                        made.isEmpty() || !legacy ? null : function(made.getFirst())),
                null,
                Logprobs.ofRequested(details.scored(completion.logprobs())),
                finishReason(completion.finish()),
                ResponseHeader.stopReason(completion.finish()),
                details.ids(completion.logprobs()));
    }

    /** The choices of a delta, in order. */
    List<Choice> of(Delta delta) {
        List<Choice> choices = new ArrayList<>();
        int index = delta.index();
        if (calls.putIfAbsent(index, 0) == null) {
            choices.add(going(index, ChatCompletionResponse.Delta.ROLE));
        }
        switch (delta) {
            case Delta.Text text ->
                choices.add(new Choice(
                        index,
                        null,
                        ChatCompletionResponse.Delta.text(text.text()),
                        Logprobs.ofRequested(details.scored(text.logprobs())),
                        null,
                        null,
                        details.ids(text.logprobs())));
            case Delta.Calls made -> made.calls().forEach(call -> call(index, call, choices));
            case Delta.End end -> {
                finishes.add(end.finish());
                choices.add(new Choice(
                        index,
                        null,
                        ChatCompletionResponse.Delta.EMPTY,
                        null,
                        finishReason(end.finish()),
                        ResponseHeader.stopReason(end.finish()),
                        null));
            }
        }
        return choices;
    }

    /** Token usage of all answers that have ended. */
    Usage usage() {
        return Usage.of(List.of(finishes));
    }

    private String finishReason(Finish finish) {
        String reason = ResponseHeader.finishReason(finish);
        return legacy && reason.equals(ResponseHeader.TOOL_CALLS) ? FUNCTION_CALL : reason;
    }

    private void call(int index, ToolCall call, List<Choice> choices) {
        int number = calls.merge(index, 1, Integer::sum) - 1;
        if (number > 0 && oneCall) {
            return;
        }
        choices.add(going(
                index,
                new ChatCompletionResponse.Delta(
                        null, null, legacy ? null : List.of(call(number, call)), legacy ? function(call) : null)));
    }

    private static Call call(Integer number, ToolCall call) {
        return new Call(number, call.getId(), "function", function(call));
    }

    private static Function function(ToolCall call) {
        return new Function(call.getName(), call.getArguments());
    }

    private static Choice going(int index, ChatCompletionResponse.Delta delta) {
        return new Choice(index, null, delta, null, null, null, null);
    }
}
