package io.rootstock.inference.engine;

import java.util.List;

/**
 * How likely a continuation is.
 *
 * @param tokens its tokens, in order
 */
public record ScoredText(List<ScoredToken> tokens) {
    public ScoredText {
        tokens = List.copyOf(tokens);
    }

    /**
     * A token of a continuation.
     *
     * @param token its id
     * @param piece its bytes
     * @param logprob natural logarithm of its probability
     * @param greedy whether it was the likeliest
     */
    @SuppressWarnings("ArrayRecordComponent") // bytes of a token: compared by nobody
    public record ScoredToken(int token, byte[] piece, double logprob, boolean greedy) {}

    /** Sum of the tokens' log-probabilities. */
    public double logprob() {
        return tokens.stream().mapToDouble(ScoredToken::logprob).sum();
    }

    /** Whether each token was the likeliest. */
    public boolean greedy() {
        return tokens.stream().allMatch(ScoredToken::greedy);
    }
}
