package io.rootstock.trainer.data;

import io.rootstock.trainer.engine.batch.LabelLoss;

/**
 * Settings of the loss and the inputs that are not part of the rows.
 *
 * @param labelLoss class weights, label smoothing and prefix loss of a classifier
 * @param references log-probabilities of preference pairs under the reference model
 * @param beta DPO's beta; larger values penalize divergence from the reference model more
 * @param replacement replacement of a classifier's training tokens
 */
public record Objective(LabelLoss labelLoss, References references, double beta, TokenReplacement replacement) {
    /** Unweighted label loss, without reference model. */
    public static final Objective PLAIN = new Objective(LabelLoss.PLAIN, new References(), 1, TokenReplacement.NONE);
}
