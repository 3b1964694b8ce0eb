package io.rootstock.trainer.engine.optimizer;

import java.util.List;
import java.util.concurrent.Callable;

/** AdamW (Loshchilov and Hutter 2019). Weight decay applies to matrices, not to gains and biases. */
public final class AdamW implements Optimizer {
    /** Implementation of AdamW's elementwise update. */
    @FunctionalInterface
    public interface Kernel {
        /** Updates weights, moments and compute copy of the elements from (inclusive) to (exclusive). */
        void update(State state, long from, long to, Update update);
    }

    private final Kernel kernel;

    AdamW(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public List<Callable<Void>> matrixUpdates(State state, Optimizer.Step step) {
        return List.of();
    }

    @Override
    public void updateRange(State state, Optimizer.Step step, long from, long to) {
        Update decaying = Update.of(step);
        long matricesEnd = Math.clamp(state.weights().layout().matrixElements(), from, to);
        kernel.update(state, from, matricesEnd, decaying);
        kernel.update(state, matricesEnd, to, decaying.withoutWeightDecay());
    }

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
    public record Update(
            long number,
            double learningRate,
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay,
            double gradientDivisor) {
        /** AdamW's parameters of an update, with weight decay. */
        public static Update of(Optimizer.Step step) {
            Optimizer.Settings settings = step.settings();
            return new Update(
                    step.number(),
                    step.learningRate(),
                    settings.beta1(),
                    settings.beta2(),
                    settings.epsilon(),
                    settings.weightDecay(),
                    step.gradientDivisor());
        }

        /** The same update with weight decay 0. */
        public Update withoutWeightDecay() {
            return new Update(number, learningRate, beta1, beta2, epsilon, 0, gradientDivisor);
        }
    }
}
