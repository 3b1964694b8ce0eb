package io.rootstock.inference.engine;

import java.util.List;

/**
 * How likely a token was.
 *
 * @param token its id
 * @param piece its bytes, which may be a part of a character; empty for a special token
 * @param logprob natural logarithm of its probability; NaN for the first token of a prompt, which nothing comes before
 * @param alternatives the likeliest tokens at its place, likeliest first, without alternatives of their own
 */
@SuppressWarnings("ArrayRecordComponent") // bytes of a token: compared by nobody
public record TokenLogprob(int token, byte[] piece, double logprob, List<TokenLogprob> alternatives) {
    public TokenLogprob {
        alternatives = List.copyOf(alternatives);
    }
}
