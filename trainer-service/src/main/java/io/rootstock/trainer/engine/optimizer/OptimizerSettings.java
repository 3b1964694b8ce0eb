package io.rootstock.trainer.engine;

import java.util.Optional;

/**
 * AdamW (Loshchilov and Hutter 2019) with a bound on the global gradient norm.
 *
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added to the root of the second moment
 * @param weightDecay decoupled decay per unit of learning rate, on matrices only, never on norm gains
 * @param gradientClip largest global 2-norm of the gradient; larger gradients are scaled down to it
 * @param muon updates the layers' matrices in AdamW's place, where present
 */
public record OptimizerSettings(
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        double gradientClip,
        Optional<MuonSettings> muon) {
    /** AdamW alone. */
    public OptimizerSettings(double beta1, double beta2, double epsilon, double weightDecay, double gradientClip) {
        this(beta1, beta2, epsilon, weightDecay, gradientClip, Optional.empty());
    }

    /** Refuses settings under which AdamW cannot work. */
    public OptimizerSettings {
        if (!(beta1 >= 0 && beta1 < 1) || !(beta2 >= 0 && beta2 < 1)) {
            throw new IllegalArgumentException("beta1 and beta2 must lie in [0, 1)");
        }
        if (!(epsilon > 0) || !(weightDecay >= 0) || !(gradientClip > 0)) {
            throw new IllegalArgumentException("epsilon and gradientClip must be above 0, weightDecay at least 0");
        }
    }
}
