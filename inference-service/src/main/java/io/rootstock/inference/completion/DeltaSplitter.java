package io.rootstock.inference.completion;

import io.rootstock.inference.v1.TokenLogprob;
import java.util.List;

/** Splits the text of one completion into deltas, for example text and tool calls. Used by one thread. */
interface DeltaSplitter {
    /** Appends text; returns the deltas that it completes. */
    List<Delta> push(int index, String text, List<TokenLogprob> logprobs);

    /** The deltas that were held back; call it at the end of the text. */
    List<Delta> rest(int index);

    /** Whether the text contained tool calls. */
    boolean called();

    /** A splitter that passes text unchanged. */
    static DeltaSplitter plain() {
        return new DeltaSplitter() {
            @Override
            public List<Delta> push(int index, String text, List<TokenLogprob> logprobs) {
                return List.of(new Delta.Text(index, text, logprobs));
            }

            @Override
            public List<Delta> rest(int index) {
                return List.of();
            }

            @Override
            public boolean called() {
                return false;
            }
        };
    }
}
