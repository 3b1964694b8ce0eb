package io.rootstock.trainer.data;

import io.rootstock.trainer.engine.batch.LabelLoss;

/**
 * What rows are trained towards, beside what is in them.
 *
 * @param labelLoss how labels count
 * @param references log-probabilities of pairs of answers under the reference model
 * @param beta how strongly leaving the reference is held against the model
 */
public record Objective(LabelLoss labelLoss, References references, double beta) {
    /** Rows as they are: every label counts once. */
    public static final Objective PLAIN = new Objective(LabelLoss.PLAIN, new References(), 1);
}
