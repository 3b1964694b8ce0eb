package io.rootstock.inference.generate;

import io.rootstock.inference.v1.Finish;
import io.rootstock.inference.v1.TokenLogprob;
import io.rootstock.inference.v1.ToolCall;
import java.util.List;

/** What a {@link CompletionStream} gives next, of one of its texts. */
public sealed interface Piece {
    /** Which of the texts it belongs to, from 0. */
    int index();

    /**
     * More text.
     *
     * @param index which text
     * @param text whole characters; empty only where log-probabilities come alone
     * @param logprobs of the piece's tokens, if asked for
     */
    record Text(int index, String text, List<TokenLogprob> logprobs) implements Piece {
        public Text {
            logprobs = List.copyOf(logprobs);
        }
    }

    /** Whole calls of functions. */
    record Calls(int index, List<ToolCall> calls) implements Piece {
        public Calls {
            calls = List.copyOf(calls);
        }
    }

    /** The end of one text. */
    record End(int index, Finish finish) implements Piece {}
}
