package io.rootstock.inference.openai.chat;

import io.rootstock.inference.completion.Delta;
import io.rootstock.inference.openai.chat.ChatCompletionResponse.Call;
import io.rootstock.inference.openai.chat.ChatCompletionResponse.Choice;
import io.rootstock.inference.openai.chat.ChatCompletionResponse.Function;
import io.rootstock.inference.openai.chat.ChatCompletionResponse.Logprobs;
import io.rootstock.inference.openai.chat.ChatCompletionResponse.Message;
import io.rootstock.inference.openai.generation.ResponseHeader;
import io.rootstock.inference.openai.generation.Usage;
import io.rootstock.inference.v1.Finish;
import io.rootstock.inference.v1.ToolCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Converts deltas of completions to choices of a stream: the first delta of each answer contains the role, each tool call is one delta.
 */
final class ChatDeltas {
    private final boolean oneCall;
    private final Map<Integer, Integer> calls = new HashMap<>();
    private final List<Finish> finishes = new ArrayList<>();

    ChatDeltas(boolean oneCall) {
        this.oneCall = oneCall;
    }

    /** The choices of a delta, in order. */
    List<Choice> of(Delta delta) {
        List<Choice> choices = new ArrayList<>();
        int index = delta.index();
        if (calls.putIfAbsent(index, 0) == null) {
            choices.add(going(index, new Message("assistant", "", null), null));
        }
        switch (delta) {
            case Delta.Text text ->
                choices.add(going(index, new Message(null, text.text(), null), Logprobs.ofRequested(text.logprobs())));
            case Delta.Calls made -> made.calls().forEach(call -> call(index, call, choices));
            case Delta.End end -> {
                finishes.add(end.finish());
                choices.add(new Choice(
                        index,
                        null,
                        new Message(null, null, null),
                        null,
                        ResponseHeader.finishReason(end.finish()),
                        ResponseHeader.stopReason(end.finish())));
            }
        }
        return choices;
    }

    /** Token usage of all answers. */
    Usage usage() {
        return Usage.of(List.of(finishes));
    }

    private void call(int index, ToolCall call, List<Choice> choices) {
        int number = calls.merge(index, 1, Integer::sum) - 1;
        if (number > 0 && oneCall) {
            return;
        }
        choices.add(going(index, new Message(null, null, List.of(call(number, call))), null));
    }

    /** Converts a tool call. */
    static Call call(Integer number, ToolCall call) {
        return new Call(number, call.getId(), "function", new Function(call.getName(), call.getArguments()));
    }

    private static Choice going(int index, Message delta, Logprobs logprobs) {
        return new Choice(index, null, delta, logprobs, null, null);
    }
}
