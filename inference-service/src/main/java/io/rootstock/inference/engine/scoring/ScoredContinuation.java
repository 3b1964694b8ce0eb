package io.rootstock.inference.engine.scoring;

import java.util.List;

/**
 * Log-probabilities of a continuation.
 *
 * @param tokens its tokens, in order
 */
public record ScoredContinuation(List<ScoredToken> tokens) {
    public ScoredContinuation {
        tokens = List.copyOf(tokens);
    }

    /**
     * A token of a continuation.
     *
     * @param token token id
     * @param piece bytes of the token
     * @param logprob natural logarithm of its probability
     * @param greedy whether it was the most probable token
     */
    @SuppressWarnings("ArrayRecordComponent") // records are never compared
    public record ScoredToken(int token, byte[] piece, double logprob, boolean greedy) {}

    /** Sum of the tokens' log-probabilities. */
    public double logprob() {
        return tokens.stream().mapToDouble(ScoredToken::logprob).sum();
    }

    /** Whether each token was the most probable one. */
    public boolean greedy() {
        return tokens.stream().allMatch(ScoredToken::greedy);
    }
}
