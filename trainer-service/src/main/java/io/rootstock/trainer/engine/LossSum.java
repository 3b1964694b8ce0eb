package io.rootstock.trainer.engine;

/**
 * Summed loss of an evaluation.
 *
 * @param nats cross-entropy summed over the loss tokens
 * @param lossTokens number of predictions with a loss
 */
public record LossSum(double nats, long lossTokens) {
    /** Sum of both. */
    public LossSum plus(LossSum other) {
        return new LossSum(nats + other.nats, lossTokens + other.lossTokens);
    }

    /** Mean loss, in nats per loss token; 0 without loss tokens. */
    public double mean() {
        return lossTokens == 0 ? 0 : nats / lossTokens;
    }
}
