package io.rootstock.inference.generate;

import io.rootstock.inference.v1.TokenLogprob;
import io.rootstock.inference.v1.ToolCall;
import io.rootstock.toolcalls.ToolCallParser;
import java.util.ArrayList;
import java.util.List;

/** Separates tool calls from text. Log-probabilities are sent with the next piece of either kind. */
final class ToolShaper implements TextShaper {
    private final ToolCallParser parser;

    ToolShaper(ToolCallParser parser) {
        this.parser = parser;
    }

    @Override
    public List<Piece> push(int index, String text, List<TokenLogprob> logprobs) {
        return pieces(index, parser.push(text), logprobs);
    }

    @Override
    public List<Piece> rest(int index) {
        return pieces(index, parser.rest(), List.of());
    }

    @Override
    public boolean called() {
        return parser.called();
    }

    private static List<Piece> pieces(int index, List<ToolCallParser.Part> parts, List<TokenLogprob> logprobs) {
        List<Piece> pieces = new ArrayList<>();
        List<ToolCall> calls = new ArrayList<>();
        StringBuilder words = new StringBuilder();
        for (ToolCallParser.Part part : parts) {
            switch (part) {
                case ToolCallParser.Text said -> words.append(said.text());
                case ToolCallParser.Call made -> calls.add(ToolMessages.call(made.call()));
            }
        }
        if (!words.isEmpty() || !logprobs.isEmpty()) {
            pieces.add(new Piece.Text(index, words.toString(), logprobs));
        }
        if (!calls.isEmpty()) {
            pieces.add(new Piece.Calls(index, calls));
        }
        return pieces;
    }
}
