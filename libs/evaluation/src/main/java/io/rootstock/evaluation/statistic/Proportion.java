package io.rootstock.evaluation.statistic;

/**
 * A share of rows.
 *
 * @param successes 0 to {@code rows}
 * @param rows above 0
 */
public record Proportion(long successes, long rows) {
    public Proportion {
        if (rows < 1 || successes < 0 || successes > rows) {
            throw new IllegalArgumentException(successes + " of " + rows + " rows are not a share");
        }
    }

    /** The share, 0 to 1. */
    public double value() {
        return (double) successes / rows;
    }

    /** Standard error of the share; 0 if none or all rows are successes. */
    public double standardError() {
        return Math.sqrt(value() * (1 - value()) / rows);
    }

    /** Wilson's score interval (1927), which is never empty, also not at 0 and 1. */
    public Interval wilson(double confidence) {
        double z = NormalDistribution.twoSided(confidence);
        double square = z * z / rows;
        double center = (value() + square / 2) / (1 + square);
        double half = z / (1 + square) * Math.sqrt(value() * (1 - value()) / rows + square / (4 * rows));
        // At 0 and at all rows, an end of the interval is exactly 0 or 1.
        return new Interval(
                successes == 0 ? 0 : Math.max(0, center - half), successes == rows ? 1 : Math.min(1, center + half));
    }

    /** Normal interval, cut at 0 and 1. */
    public Interval normal(double confidence) {
        Interval interval = Interval.normal(value(), standardError(), confidence);
        return new Interval(Math.max(0, interval.low()), Math.min(1, interval.high()));
    }
}
