package io.rootstock.inference.openai;

import io.rootstock.inference.generate.Piece;
import io.rootstock.inference.openai.ChatAnswer.Call;
import io.rootstock.inference.openai.ChatAnswer.Choice;
import io.rootstock.inference.openai.ChatAnswer.Function;
import io.rootstock.inference.openai.ChatAnswer.Logprobs;
import io.rootstock.inference.openai.ChatAnswer.Turn;
import io.rootstock.inference.v1.Finish;
import io.rootstock.inference.v1.ToolCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Converts pieces to deltas of a stream: the first delta of each answer contains the role, each tool call is one delta.
 */
final class ChatEvents {
    private final boolean oneCall;
    private final Map<Integer, Integer> calls = new HashMap<>();
    private final List<Finish> finishes = new ArrayList<>();

    ChatEvents(boolean oneCall) {
        this.oneCall = oneCall;
    }

    /** The deltas of a piece, in order. */
    List<Choice> of(Piece piece) {
        List<Choice> choices = new ArrayList<>();
        int index = piece.index();
        if (calls.putIfAbsent(index, 0) == null) {
            choices.add(going(index, new Turn("assistant", "", null), null));
        }
        switch (piece) {
            case Piece.Text text ->
                choices.add(going(index, new Turn(null, text.text(), null), Logprobs.ofAsked(text.logprobs())));
            case Piece.Calls made -> made.calls().forEach(call -> call(index, call, choices));
            case Piece.End end -> {
                finishes.add(end.finish());
                choices.add(new Choice(
                        index,
                        null,
                        new Turn(null, null, null),
                        null,
                        Answer.finishReason(end.finish()),
                        Answer.stopReason(end.finish())));
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
        choices.add(going(index, new Turn(null, null, List.of(call(number, call))), null));
    }

    /** Converts a tool call. */
    static Call call(Integer number, ToolCall call) {
        return new Call(number, call.getId(), "function", new Function(call.getName(), call.getArguments()));
    }

    private static Choice going(int index, Turn delta, Logprobs logprobs) {
        return new Choice(index, null, delta, logprobs, null, null);
    }
}
