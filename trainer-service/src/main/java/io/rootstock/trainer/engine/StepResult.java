package io.rootstock.trainer.engine;

/**
 * Loss and gradient norm of an optimizer step.
 *
 * @param lossSum weighted mean loss before the update times the number of loss tokens, in nats
 * @param lossTokens number of predictions with a loss
 * @param gradientNorm global 2-norm of the mean gradient, before clipping
 */
public record StepResult(double lossSum, long lossTokens, double gradientNorm) {
    /** Mean loss, in nats per loss token; 0 without loss tokens. */
    public double meanLoss() {
        return lossTokens == 0 ? 0 : lossSum / lossTokens;
    }

    /** Whether loss and gradient norm are finite; otherwise the weights were not updated. */
    public boolean finite() {
        return Double.isFinite(lossSum) && Double.isFinite(gradientNorm);
    }
}
