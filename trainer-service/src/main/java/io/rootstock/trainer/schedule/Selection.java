package io.rootstock.trainer.schedule;

/**
 * Selection of weights by their validation scores. Of the validations whose score is within one standard error of the
 * highest so far, the last one is selected: their scores do not differ reliably, and the learning rate of later weights is
 * lower (after the one-standard-error rule of Breiman et al. 1984). Immutable.
 *
 * @param step step of the selected validation; -1 before the first one
 * @param highest highest score so far; negative infinity before the first validation
 * @param sinceHighest validations since the highest score
 */
public record Selection(long step, double highest, int sinceHighest) {
    /** Before the first validation. */
    public static final Selection NONE = new Selection(-1, Double.NEGATIVE_INFINITY, 0);

    /**
     * The selection after another validation.
     *
     * @param at step of the validation
     * @param score its score, higher is better
     * @param standardError standard error of the score; 0 selects the highest score only
     */
    public Selection after(long at, double score, double standardError) {
        if (score > highest) {
            return new Selection(at, score, 0);
        }
        boolean selected = standardError > 0 && score >= highest - standardError;
        return new Selection(selected ? at : step, highest, sinceHighest + 1);
    }
}
