package io.rootstock.inference.engine.sampling;

import java.util.List;

/**
 * Log-probability of a token.
 *
 * @param token token id
 * @param piece bytes of the token, possibly a part of a character; empty for a special token
 * @param special text of a special token, such as {@code <|im_end|>}; empty for others
 * @param logprob natural logarithm of its probability; NaN for the first token of a prompt, or if not requested
 * @param topLogprobs the most probable tokens at its position, in descending order, without such lists of their own
 */
@SuppressWarnings("ArrayRecordComponent") // records are never compared
public record TokenLogprob(int token, byte[] piece, String special, double logprob, List<TokenLogprob> topLogprobs) {
    public TokenLogprob {
        topLogprobs = List.copyOf(topLogprobs);
    }

    static TokenLogprob of(int token, double logprob, List<TokenLogprob> topLogprobs, Vocabulary vocabulary) {
        return new TokenLogprob(token, vocabulary.piece(token), vocabulary.special(token), logprob, topLogprobs);
    }

    /** A token whose log-probability is undefined or not requested. */
    public static TokenLogprob unknown(int token, Vocabulary vocabulary) {
        return of(token, Double.NaN, List.of(), vocabulary);
    }
}
