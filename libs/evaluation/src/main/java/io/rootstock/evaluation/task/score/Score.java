package io.rootstock.evaluation.task.score;

/**
 * Share of a row in a metric.
 *
 * @param value value of the row; of weighted metrics, the sum that {@code weight} divides
 * @param weight 1, or the row's words or bytes
 */
public record Score(double value, double weight) {
    static Score of(double value) {
        return new Score(value, 1);
    }
}
