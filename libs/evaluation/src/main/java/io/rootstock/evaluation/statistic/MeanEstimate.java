package io.rootstock.evaluation.statistic;

/**
 * Mean of independent values.
 *
 * @param standardError standard deviation of the mean; NaN for a single value
 * @param rows number of values
 */
public record MeanEstimate(double mean, double standardError, long rows) {
    /**
     * Estimates the mean.
     *
     * @throws IllegalArgumentException if the values are empty
     */
    public static MeanEstimate of(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("mean of 0 values");
        }
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        double mean = sum / values.length;
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        double variance = squares / (values.length - 1);
        return new MeanEstimate(mean, Math.sqrt(variance / values.length), values.length);
    }

    /** Normal interval of the mean. */
    public Interval interval(double confidence) {
        return Interval.normal(mean, standardError, confidence);
    }

    /**
     * Interval of the mean by Student's t distribution, which is wider than the normal one if the values are few. Exact for
     * values with a normal distribution, such as differences of paired runs.
     *
     * @throws IllegalArgumentException for a single value
     */
    public Interval studentInterval(double confidence) {
        double half = StudentDistribution.twoSided(confidence, rows - 1) * standardError;
        return new Interval(mean - half, mean + half);
    }
}
