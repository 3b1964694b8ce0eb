package io.rootstock.trainer.engine;

/**
 * One AdamW update, the same for all values it moves.
 *
 * @param number of the update, from 1
 * @param rate learning rate
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added to the root of the second moment
 * @param decay decoupled weight decay per unit of learning rate
 * @param divisor of the gradient, to bound its norm; 1 leaves it as it is
 */
record AdamWStep(long number, double rate, double beta1, double beta2, double epsilon, double decay, double divisor) {
    /** A step by these settings. */
    static AdamWStep of(long number, double rate, OptimizerSettings settings, double divisor) {
        return new AdamWStep(
                number, rate, settings.beta1(), settings.beta2(), settings.epsilon(), settings.weightDecay(), divisor);
    }

    /** The same for values that do not decay. */
    AdamWStep withoutDecay() {
        return new AdamWStep(number, rate, beta1, beta2, epsilon, 0, divisor);
    }
}
