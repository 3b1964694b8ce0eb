package io.rootstock.evaluation.statistic;

import io.rootstock.evaluation.metric.WeightedRows;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * Bootstrap (Efron 1979; paired for two systems: Koehn 2004). Resamples are weights of rows, so that a metric is
 * computed from its sufficient statistics; texts are not scored again. The same seed, units and number of resamples give
 * the same resamples for every metric.
 *
 * <p>Two-sided p-value of a difference d with resampled differences d*: (1 + number of |d* - d| at least |d|) / (1 +
 * resamples). sacreBLEU centers absolute differences in place of signed ones: its paired bootstrap gives half of this
 * p-value for large differences, 0.43 for a difference near 0, and 1 / (1 + resamples) for two equal outputs. It is not
 * reproduced here.
 *
 * @param resamples 2 to 1,000,000
 * @param seed of {@link SplittableRandom}
 * @param confidence of intervals, between 0 and 1
 */
public record Bootstrap(int resamples, long seed, double confidence) {
    /** 10,000 resamples, seed 1234, confidence 0.95. */
    public static final Bootstrap DEFAULT = new Bootstrap(10_000, 1234, 0.95);

    private static final int MAX_RESAMPLES = 1_000_000;
    /** Relative difference within which two differences count as equal. */
    private static final double ROUNDING = 1e-9;

    public Bootstrap {
        if (resamples < 2 || resamples > MAX_RESAMPLES) {
            throw new IllegalArgumentException(resamples + " resamples: not between 2 and " + MAX_RESAMPLES);
        }
        Fractions.check("confidence", confidence);
    }

    /** Estimates the error of a metric, drawing single rows. */
    public Estimate estimate(WeightedRows rows) {
        return estimate(rows, Resampling.rows(rows.rows()));
    }

    /**
     * Estimates the error of a metric. Resamples on which the metric is undefined do not count.
     *
     * @throws IllegalArgumentException if the units have another number of rows, or the metric is undefined on the rows
     *     or on more than half of the resamples
     */
    public Estimate estimate(WeightedRows rows, Resampling units) {
        check(rows, units);
        return estimate(rows.score(), resample(units, rows::score));
    }

    /** Compares two systems, drawing single rows. */
    public PairedDifference compare(WeightedRows first, WeightedRows second) {
        return compare(first, second, Resampling.rows(first.rows()));
    }

    /**
     * Compares two systems on the same rows in the same order.
     *
     * @throws IllegalArgumentException as {@link #estimate(WeightedRows, Resampling)}
     */
    public PairedDifference compare(WeightedRows first, WeightedRows second, Resampling units) {
        check(first, units);
        check(second, units);
        double firstScore = first.score();
        double secondScore = second.score();
        double difference = secondScore - firstScore;
        double[] differences = resample(units, weights -> second.score(weights) - first.score(weights));
        Estimate estimate = estimate(difference, differences);
        double limit = Math.abs(difference) * (1 - ROUNDING);
        long asLarge = Arrays.stream(differences)
                .filter(resampled -> Math.abs(resampled - difference) >= limit)
                .count();
        return new PairedDifference(firstScore, secondScore, estimate, (1.0 + asLarge) / (1 + differences.length));
    }

    private static void check(WeightedRows rows, Resampling units) {
        if (rows.rows() != units.rows()) {
            throw new IllegalArgumentException(
                    "bootstrap of %d rows with units of %d rows".formatted(rows.rows(), units.rows()));
        }
    }

    /** Returns the metric of the resamples on which it is defined, in ascending order. */
    private double[] resample(Resampling units, ToDoubleFunction<int[]> metric) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] weights = new int[units.rows()];
        double[] values = new double[resamples];
        int defined = 0;
        for (int i = 0; i < resamples; i++) {
            units.draw(random, weights);
            double value = metric.applyAsDouble(weights);
            if (!Double.isNaN(value)) {
                values[defined++] = value;
            }
        }
        if (2L * defined <= resamples) {
            throw new IllegalArgumentException(
                    "the metric is undefined on %d of %d resamples of %d units: the rows are too few or too equal"
                            .formatted(resamples - defined, resamples, units.units()));
        }
        double[] sorted = Arrays.copyOf(values, defined);
        Arrays.sort(sorted);
        return sorted;
    }

    private Estimate estimate(double value, double[] sorted) {
        if (Double.isNaN(value)) {
            throw new IllegalArgumentException("the metric is undefined on the rows");
        }
        double mean = Arrays.stream(sorted).sum() / sorted.length;
        double squares =
                Arrays.stream(sorted).map(one -> (one - mean) * (one - mean)).sum();
        double tail = (1 - confidence) / 2;
        return new Estimate(
                value,
                Math.sqrt(squares / (sorted.length - 1)),
                new Interval(quantile(sorted, tail), quantile(sorted, 1 - tail)),
                sorted.length);
    }

    /** Interpolates linearly between the two nearest values. */
    private static double quantile(double[] sorted, double share) {
        double position = share * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
