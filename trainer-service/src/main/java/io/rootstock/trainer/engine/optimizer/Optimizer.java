package io.rootstock.trainer.engine.optimizer;

import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.model.WeightBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * An update rule. One update runs the matrix updates in any order and on any threads, and then covers the whole flat buffer
 * by ranges. The result does not depend on the threads or on the division into ranges.
 */
public interface Optimizer {
    /**
     * Settings of AdamW (Loshchilov and Hutter 2019) with gradient norm clipping, and optionally of Muon.
     *
     * @param beta1 decay rate of the first moment, in [0, 1)
     * @param beta2 decay rate of the second moment, in [0, 1)
     * @param epsilon added to the square root of the second moment, above 0
     * @param weightDecay decoupled weight decay, lambda, for matrices; multiplied with the learning rate
     * @param gradientClip maximum global 2-norm of the gradient; larger gradients are scaled down to it
     * @param muon if present, Muon updates the layers' matrices instead of AdamW
     */
    record Settings(
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay,
            double gradientClip,
            Optional<Muon.Settings> muon) {
        /** AdamW for all parameters. */
        public Settings(double beta1, double beta2, double epsilon, double weightDecay, double gradientClip) {
            this(beta1, beta2, epsilon, weightDecay, gradientClip, Optional.empty());
        }

        /** Checks the ranges of the settings. */
        public Settings {
            if (!(beta1 >= 0 && beta1 < 1) || !(beta2 >= 0 && beta2 < 1)) {
                throw new IllegalArgumentException("beta1 and beta2 must lie in [0, 1)");
            }
            if (!(epsilon > 0) || !(weightDecay >= 0) || !(gradientClip > 0)) {
                throw new IllegalArgumentException("epsilon and gradientClip must be above 0, weightDecay at least 0");
            }
        }
    }

    /**
     * Tensors that an optimizer reads and updates, all flat and in the layout of the weights.
     *
     * @param weights trained weights
     * @param gradient sum of the gradients, master type
     * @param firstMoment AdamW's m, or Muon's momentum, master type
     * @param secondMoment AdamW's v, master type
     */
    record State(WeightBuffer weights, Tensor gradient, Tensor firstMoment, Tensor secondMoment) {}

    /**
     * Parameters of one update.
     *
     * @param number number of the update, t, from 1
     * @param learningRate learning rate
     * @param settings optimizer settings
     * @param gradientDivisor the gradient is divided by it to clip its norm; 1 leaves it unchanged
     */
    record Step(long number, double learningRate, Settings settings, double gradientDivisor) {}

    /**
     * The optimizer of these settings.
     *
     * @param adamw kernel for AdamW's part of the update
     */
    static Optimizer of(Settings settings, AdamW.Kernel adamw) {
        AdamW elementwise = new AdamW(adamw);
        return settings.muon().isPresent() ? new Muon(elementwise) : elementwise;
    }

    /** Independent tasks that each update one whole matrix; all must finish before the first range starts. */
    List<Callable<Void>> matrixUpdates(State state, Step step);

    /** Updates the elements from (inclusive) to (exclusive) that no matrix update covers, and the compute copy of all. */
    void updateRange(State state, Step step, long from, long to);
}
