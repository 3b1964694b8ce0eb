package io.rootstock.trainer.worker;

import io.rootstock.trainer.checkpoint.BackgroundCheckpoints;
import io.rootstock.trainer.checkpoint.TrainingState;

/**
 * Tracks the best validation score of a run, for early stopping and for the choice of the exported weights. Fine-tuning
 * copies the best weights in memory and exports them. Pre-training, which repeats little of its data and does not need the
 * best weights, keeps their checkpoint and exports the last weights.
 */
final class BestWeights {
    private final TrainedModel model;
    private final Agreement agreement;
    private final boolean copied;
    private final int patience;
    private long step = -1;
    private double score = Double.NEGATIVE_INFINITY;
    private int validationsSince;

    /**
     * Creates a tracker before the first validation.
     *
     * @param copied whether the best weights are copied in memory and exported
     * @param patience validations without a better score after which training ends; 0 for never
     */
    BestWeights(TrainedModel model, Agreement agreement, boolean copied, int patience) {
        this.model = model;
        this.agreement = agreement;
        this.copied = copied;
        this.patience = patience;
    }

    void restore(TrainingState state) {
        step = state.bestStep();
        score = step < 0 ? Double.NEGATIVE_INFINITY : state.bestScore();
        validationsSince = state.validationsSinceBest();
    }

    /**
     * Compares a validation with the best one so far; returns whether it is better.
     *
     * @param writer may still be writing the previous best weights; they are replaced only afterwards
     */
    boolean update(long at, Evaluation evaluation, BackgroundCheckpoints writer) {
        double current = agreement.broadcastFromRank0(evaluation.score());
        if (current <= score) {
            validationsSince++;
            return false;
        }
        score = current;
        step = at;
        validationsSince = 0;
        if (copied) {
            writer.await();
            model.keepAsBest();
        }
        return true;
    }

    /** Whether training ends early. */
    boolean converged() {
        return patience > 0 && validationsSince >= patience;
    }

    /** Step of the best validation; -1 before the first one. */
    long step() {
        return step;
    }

    /** Best score, higher is better; 0 before the first validation. */
    double score() {
        return step < 0 ? 0.0 : score;
    }

    /** Validations since the best one. */
    int validationsSince() {
        return validationsSince;
    }

    /** Step of the exported weights of a run that ended at the given step. */
    long exportedStep(long last) {
        return copied && step >= 0 ? step : last;
    }
}
