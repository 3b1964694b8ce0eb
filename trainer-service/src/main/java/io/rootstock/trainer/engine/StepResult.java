package io.rootstock.trainer.engine;

/**
 * What an optimizer step saw.
 *
 * @param lossSum loss before the update, its mean times the loss tokens, in nats
 * @param lossTokens predictions with a loss
 * @param gradientNorm global 2-norm of the mean gradient, before clipping
 */
public record StepResult(double lossSum, long lossTokens, double gradientNorm) {
    /** Nats per loss token. */
    public double meanLoss() {
        return lossTokens == 0 ? 0 : lossSum / lossTokens;
    }

    /** Whether loss and norm were finite; where not, the weights were left as they were. */
    public boolean finite() {
        return Double.isFinite(lossSum) && Double.isFinite(gradientNorm);
    }
}
