package io.rootstock.inference.generate;

import io.rootstock.inference.v1.TokenLogprob;
import java.util.List;

/** Makes pieces of the text of one generation, such as by finding calls of functions in it. Used by one thread. */
interface TextShaper {
    /** The pieces that this text completes. */
    List<Piece> push(int index, String text, List<TokenLogprob> logprobs);

    /** The pieces that were held back, once no more text comes. */
    List<Piece> rest(int index);

    /** Whether functions were called. */
    boolean called();

    /** Passes text as it is. */
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
