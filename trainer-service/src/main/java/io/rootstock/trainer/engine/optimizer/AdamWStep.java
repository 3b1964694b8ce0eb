package io.rootstock.trainer.engine.optimizer;

/**
 * Parameters of one AdamW update of a range of elements.
 *
 * @param number number of the update, t, from 1
 * @param learningRate learning rate
 * @param beta1 decay rate of the first moment
 * @param beta2 decay rate of the second moment
 * @param epsilon added to the square root of the second moment
 * @param weightDecay decoupled weight decay, lambda, multiplied with the learning rate
 * @param gradientDivisor the gradient is divided by it to clip its norm; 1 leaves it unchanged
 */
public record AdamWStep(
        long number,
        double learningRate,
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        double gradientDivisor) {
    /** AdamW's parameters of an update, with weight decay. */
    public static AdamWStep of(OptimizerStep step) {
        OptimizerSettings settings = step.settings();
        return new AdamWStep(
                step.number(),
                step.learningRate(),
                settings.beta1(),
                settings.beta2(),
                settings.epsilon(),
                settings.weightDecay(),
                step.gradientDivisor());
    }

    /** The step with weight decay 0. */
    public AdamWStep withoutWeightDecay() {
        return new AdamWStep(number, learningRate, beta1, beta2, epsilon, 0, gradientDivisor);
    }
}
