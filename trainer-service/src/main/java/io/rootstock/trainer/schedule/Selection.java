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
     * @param rows rows of which the score is a share, with the standard error sqrt(p (1 - p) / rows); 0 for a loss, of which
     *     only the highest score is selected
     */
    public Selection after(long at, double score, long rows) {
        if (score > highest) {
            return new Selection(at, score, 0);
        }
        double share = Math.min(1, highest); // the order of ties may add to a share of 1
        boolean selected = rows > 0 && score > highest - Math.sqrt(share * (1 - share) / rows);
        return new Selection(selected ? at : step, highest, sinceHighest + 1);
    }
}
