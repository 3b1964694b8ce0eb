package io.rootstock.inference.completion;

import io.rootstock.inference.v1.TokenLogprob;
import io.rootstock.inference.v1.ToolCall;
import io.rootstock.toolcalls.ToolCallParser;
import java.util.ArrayList;
import java.util.List;

/** Separates tool calls from text. Log-probabilities are sent with the next delta of either kind. */
final class ToolCallSplitter implements DeltaSplitter {
    private final ToolCallParser parser;

    ToolCallSplitter(ToolCallParser parser) {
        this.parser = parser;
    }

    @Override
    public List<Delta> push(int index, String text, List<TokenLogprob> logprobs) {
        return deltas(index, parser.push(text), logprobs);
    }

    @Override
    public List<Delta> rest(int index) {
        return deltas(index, parser.rest(), List.of());
    }

    @Override
    public boolean called() {
        return parser.called();
    }

    private static List<Delta> deltas(int index, List<ToolCallParser.Part> parts, List<TokenLogprob> logprobs) {
        List<Delta> deltas = new ArrayList<>();
        List<ToolCall> calls = new ArrayList<>();
        StringBuilder words = new StringBuilder();
        for (ToolCallParser.Part part : parts) {
            switch (part) {
                case ToolCallParser.Text said -> words.append(said.text());
                case ToolCallParser.Call made -> calls.add(ToolMessages.call(made.call()));
            }
        }
        if (!words.isEmpty() || !logprobs.isEmpty()) {
            deltas.add(new Delta.Text(index, words.toString(), logprobs));
        }
        if (!calls.isEmpty()) {
            deltas.add(new Delta.Calls(index, calls));
        }
        return deltas;
    }
}
