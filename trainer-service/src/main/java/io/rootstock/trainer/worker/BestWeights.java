package io.rootstock.trainer.worker;

import io.rootstock.trainer.checkpoint.BackgroundCheckpoints;
import io.rootstock.trainer.checkpoint.TrainingState;
import io.rootstock.trainer.schedule.Selection;

/**
 * Tracks the validation scores of a run, for early stopping and for the selection of the exported weights. Fine-tuning
 * copies the best weights in memory and exports them. Pre-training, which repeats little of its data and does not need the
 * best weights, keeps their checkpoint and exports the last weights.
 */
final class BestWeights {
    private final TrainedModel model;
    private final Agreement agreement;
    private final boolean copied;
    private final int patience;
    private Selection selection = Selection.NONE;

    /**
     * Creates a tracker before the first validation.
     *
     * @param copied whether the best weights are copied in memory and exported
     * @param patience validations without a higher score after which training ends; 0 for never
     */
    BestWeights(TrainedModel model, Agreement agreement, boolean copied, int patience) {
        this.model = model;
        this.agreement = agreement;
        this.copied = copied;
        this.patience = patience;
    }

    void restore(TrainingState state) {
        selection = state.bestStep() < 0
                ? Selection.NONE
                : new Selection(state.bestStep(), state.bestScore(), state.validationsSinceBest());
    }

    /**
     * Compares a validation with the earlier ones; returns whether its weights are now the best.
     *
     * @param writer may still be writing the previous best weights; they are replaced only afterwards
     */
    boolean update(long at, Evaluation evaluation, BackgroundCheckpoints writer) {
        double score = agreement.broadcastFromRank0(evaluation.score());
        selection = selection.after(at, score, evaluation.scoredRows());
        boolean best = selection.step() == at;
        if (best && copied) {
            writer.await();
            model.keepAsBest();
        }
        return best;
    }

    /** Whether training ends early. */
    boolean converged() {
        return patience > 0 && selection.sinceHighest() >= patience;
    }

    /** Step of the best weights; -1 before the first validation. */
    long step() {
        return selection.step();
    }

    /** Highest score; 0 before the first validation. */
    double highest() {
        return selection.step() < 0 ? 0.0 : selection.highest();
    }

    /** Validations since the highest score. */
    int validationsSince() {
        return selection.sinceHighest();
    }

    /** Step of the exported weights of a run that ended at the given step. */
    long exportedStep(long last) {
        return copied && selection.step() >= 0 ? selection.step() : last;
    }
}
