package io.rootstock.evaluation.metric.likelihood;

/**
 * Negative log-likelihood of a text.
 *
 * @param nats sum of the token losses, nats, at least 0
 * @param tokens number of scored tokens
 * @param bytes UTF-8 bytes of the scored text
 */
public record Likelihood(double nats, long tokens, long bytes) {
    static final int STATISTICS = 3;

    public Likelihood {
        if (!(nats >= 0) || tokens < 0 || bytes < 0) {
            throw new IllegalArgumentException("likelihood of %s nats, %d tokens, %d bytes: a value is negative or NaN"
                    .formatted(nats, tokens, bytes));
        }
    }

    /** Returns the sum of two texts. */
    public Likelihood plus(Likelihood other) {
        return new Likelihood(nats + other.nats, tokens + other.tokens, bytes + other.bytes);
    }

    /** Statistics for {@link LikelihoodMetric}: nats, tokens, bytes. */
    public double[] statistics() {
        return new double[] {nats, tokens, bytes};
    }
}
