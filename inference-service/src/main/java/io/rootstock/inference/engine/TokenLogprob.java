package io.rootstock.inference.engine;

import java.util.List;

/**
 * How likely a token was.
 *
 * @param token its id
 * @param piece its bytes, which may be a part of a character; empty for a special token
 * @param special text of a special token, such as {@code <|im_end|>}; empty for others
 * @param logprob natural logarithm of its probability; NaN for the first token of a prompt, which nothing comes before
 * @param alternatives the likeliest tokens at its place, likeliest first, without alternatives of their own
 */
@SuppressWarnings("ArrayRecordComponent") // bytes of a token: compared by nobody
public record TokenLogprob(int token, byte[] piece, String special, double logprob, List<TokenLogprob> alternatives) {
    public TokenLogprob {
        alternatives = List.copyOf(alternatives);
    }

    static TokenLogprob of(int token, double logprob, List<TokenLogprob> alternatives, Vocabulary vocabulary) {
        return new TokenLogprob(token, vocabulary.piece(token), vocabulary.special(token), logprob, alternatives);
    }

    /** The first token of a prompt. */
    static TokenLogprob first(int token, Vocabulary vocabulary) {
        return of(token, Double.NaN, List.of(), vocabulary);
    }
}
