package io.rootstock.evaluation.canary;

import io.rootstock.evaluation.statistic.Interval;
import io.rootstock.evaluation.statistic.Proportion;

/**
 * Scores of a canary's shadow answers against the answers of the version, each 0 to 1.
 *
 * @param answers number of scores
 */
public record ShadowSample(long answers, double sum, double sumOfSquares) {
    public static final ShadowSample NONE = new ShadowSample(0, 0, 0);

    /** The scores without those of an earlier state of the same counters. */
    public ShadowSample since(ShadowSample earlier) {
        return new ShadowSample(answers - earlier.answers, sum - earlier.sum, sumOfSquares - earlier.sumOfSquares);
    }

    /** The scores of two services. */
    public ShadowSample plus(ShadowSample other) {
        return new ShadowSample(answers + other.answers, sum + other.sum, sumOfSquares + other.sumOfSquares);
    }

    /** Mean score; 0 without answers. */
    public double mean() {
        return answers == 0 ? 0 : sum / answers;
    }

    /** Interval of the mean: Wilson's if every score is 0 or 1, the normal interval otherwise. At least two answers. */
    Interval interval(double confidence) {
        double rounded = Math.rint(sum);
        if (Math.abs(sum - sumOfSquares) < 1e-9 && Math.abs(sum - rounded) < 1e-6) {
            return new Proportion(Math.clamp((long) rounded, 0, answers), answers).wilson(confidence);
        }
        double variance = Math.max(0, (sumOfSquares - sum * mean()) / (answers - 1));
        Interval normal = Interval.normal(mean(), Math.sqrt(variance / answers), confidence);
        return new Interval(Math.max(0, normal.low()), Math.min(1, normal.high()));
    }
}
