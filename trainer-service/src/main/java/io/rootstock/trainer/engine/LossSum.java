package io.rootstock.trainer.engine;

/**
 * Loss of a batch without an update.
 *
 * @param nats cross-entropy summed over the loss tokens
 * @param lossTokens predictions with a loss
 */
public record LossSum(double nats, long lossTokens) {
    /** The sum of two. */
    public LossSum plus(LossSum other) {
        return new LossSum(nats + other.nats, lossTokens + other.lossTokens);
    }

    /** Nats per loss token. */
    public double mean() {
        return lossTokens == 0 ? 0 : nats / lossTokens;
    }
}
