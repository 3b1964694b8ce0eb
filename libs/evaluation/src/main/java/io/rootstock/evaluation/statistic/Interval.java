package io.rootstock.evaluation.statistic;

/** A confidence interval, both ends included. */
public record Interval(double low, double high) {
    /**
     * Returns the normal interval of an estimate.
     *
     * @param confidence such as 0.95, between 0 and 1
     */
    public static Interval normal(double estimate, double standardError, double confidence) {
        double half = NormalDistribution.twoSided(confidence) * standardError;
        return new Interval(estimate - half, estimate + half);
    }

    /** Whether a value is in the interval. */
    public boolean contains(double value) {
        return low <= value && value <= high;
    }
}
