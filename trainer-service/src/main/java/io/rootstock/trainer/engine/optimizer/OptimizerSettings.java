package io.rootstock.trainer.engine.optimizer;

import java.util.Optional;

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
public record OptimizerSettings(
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        double gradientClip,
        Optional<MuonSettings> muon) {
    /** AdamW for all parameters. */
    public OptimizerSettings(double beta1, double beta2, double epsilon, double weightDecay, double gradientClip) {
        this(beta1, beta2, epsilon, weightDecay, gradientClip, Optional.empty());
    }

    /** Checks the ranges of the settings. */
    public OptimizerSettings {
        if (!(beta1 >= 0 && beta1 < 1) || !(beta2 >= 0 && beta2 < 1)) {
            throw new IllegalArgumentException("beta1 and beta2 must lie in [0, 1)");
        }
        if (!(epsilon > 0) || !(weightDecay >= 0) || !(gradientClip > 0)) {
            throw new IllegalArgumentException("epsilon and gradientClip must be above 0, weightDecay at least 0");
        }
    }
}
