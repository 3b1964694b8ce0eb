package io.rootstock.inference.generate;

import io.rootstock.inference.v1.TokenLogprob;
import java.util.List;

/** Splits the text of one completion into pieces, for example text and tool calls. Used by one thread. */
interface TextShaper {
    /** Appends text; returns the pieces that it completes. */
    List<Piece> push(int index, String text, List<TokenLogprob> logprobs);

    /** The pieces that were held back; call it at the end of the text. */
    List<Piece> rest(int index);

    /** Whether the text contained tool calls. */
    boolean called();

    /** A shaper that passes text unchanged. */
    static TextShaper plain() {
        return new TextShaper() {
            @Override
            public List<Piece> push(int index, String text, List<TokenLogprob> logprobs) {
                return List.of(new Piece.Text(index, text, logprobs));
            }

            @Override
            public List<Piece> rest(int index) {
                return List.of();
            }

            @Override
            public boolean called() {
                return false;
            }
        };
    }
}
