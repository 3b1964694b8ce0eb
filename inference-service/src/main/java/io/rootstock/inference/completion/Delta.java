package io.rootstock.inference.completion;

import io.rootstock.inference.v1.Finish;
import io.rootstock.inference.v1.TokenLogprob;
import io.rootstock.inference.v1.ToolCall;
import java.util.List;

/** A part of one completion of a {@link CompletionStream}. */
public sealed interface Delta {
    /** Index of the completion, from 0. */
    int index();

    /**
     * The next part of the text.
     *
     * @param index index of the completion
     * @param text whole characters; empty only if log-probabilities are sent alone
     * @param logprobs log-probabilities of the delta's tokens, if requested
     */
    record Text(int index, String text, List<TokenLogprob> logprobs) implements Delta {
        public Text {
            logprobs = List.copyOf(logprobs);
        }
    }

    /** Complete tool calls. */
    record Calls(int index, List<ToolCall> calls) implements Delta {
        public Calls {
            calls = List.copyOf(calls);
        }
    }

    /** The end of one completion. */
    record End(int index, Finish finish) implements Delta {}
}
