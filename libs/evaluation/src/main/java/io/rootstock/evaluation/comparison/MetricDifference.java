package io.rootstock.evaluation.comparison;

import io.rootstock.evaluation.statistic.Bootstrap;
import io.rootstock.evaluation.statistic.DetectableEffect;
import io.rootstock.evaluation.statistic.Interval;
import io.rootstock.evaluation.statistic.McNemar;
import io.rootstock.evaluation.statistic.PairedDifference;

/**
 * Difference of a metric between two evaluations on the same rows.
 *
 * @param metric name as in the row records
 * @param first value of the first evaluation
 * @param second value of the second evaluation
 * @param interval paired interval of 95 % of second - first; NaN where the p-value is, and for a single row
 * @param pValue two-sided; NaN: undefined, because a value is infinite, or fewer than 6 rows have scores other than 0 and 1
 * @param adjustedPValue after the correction over several tasks
 * @param detectable difference that such rows would show with a probability of 80 %, if at least about 8 of them differ; NaN
 *     if no row differs
 */
public record MetricDifference(
        String metric,
        double first,
        double second,
        Interval interval,
        double pValue,
        double adjustedPValue,
        double detectable,
        boolean higherIsBetter) {
    private static final double CONFIDENCE = 0.95;
    private static final Interval UNDEFINED = new Interval(Double.NaN, Double.NaN);
    private static final Interval NONE = new Interval(0, 0);
    /** Draws of rows of a bootstrap, about 10 s; more rows have fewer resamples. */
    private static final long MAX_DRAWS = 1_000_000_000L;

    private static final int MIN_RESAMPLES = 1000;
    /** Fewer rows cannot show a difference at the 5 % level, not even if all agree: 2 / 2^5 is more. */
    private static final int MIN_ROWS = 6;

    /** Second minus first. */
    public double difference() {
        return second - first;
    }

    /** Verdict by the adjusted p-value. */
    public Verdict verdict() {
        return Verdict.of(adjustedPValue, difference(), higherIsBetter);
    }

    MetricDifference withAdjusted(double adjusted) {
        return new MetricDifference(metric, first, second, interval, pValue, adjusted, detectable, higherIsBetter);
    }

    /**
     * Compares the same rows in two evaluations, at least one: McNemar's test if each row is 0 or 1, else the bootstrap.
     *
     * @throws IllegalArgumentException if the metric is undefined on most resamples
     */
    static MetricDifference of(MetricRows first, MetricRows second) {
        return first.isBinary() && second.isBinary() ? shares(first, second) : resampled(first, second);
    }

    private static MetricDifference shares(MetricRows first, MetricRows second) {
        long onlyFirst = 0;
        long onlySecond = 0;
        int rows = first.rows();
        for (int row = 0; row < rows; row++) {
            onlyFirst += first.value(row) > second.value(row) ? 1 : 0;
            onlySecond += second.value(row) > first.value(row) ? 1 : 0;
        }
        double discordant = onlyFirst + onlySecond;
        double difference = (onlySecond - onlyFirst) / (double) rows;
        double variance = (discordant - rows * difference * difference) / (rows - 1);
        return of(
                first,
                first.score(),
                second.score(),
                discordant == 0
                        ? NONE
                        : Interval.normal(difference, Math.sqrt(Math.max(variance, 0) / rows), CONFIDENCE),
                McNemar.of(onlyFirst, onlySecond).pValue(),
                discordant == 0 ? Double.NaN : DetectableEffect.DEFAULT.ofShares(rows, discordant / rows));
    }

    private static MetricDifference resampled(MetricRows first, MetricRows second) {
        double firstScore = first.score();
        double secondScore = second.score();
        int differing = first.differing(second);
        if (differing == 0) {
            return of(first, firstScore, secondScore, NONE, 1, Double.NaN);
        }
        if (!Double.isFinite(firstScore) || !Double.isFinite(secondScore) || first.rows() < MIN_ROWS) {
            return of(first, firstScore, secondScore, UNDEFINED, Double.NaN, Double.NaN);
        }
        int resamples = (int) Math.clamp(MAX_DRAWS / first.rows(), MIN_RESAMPLES, (long) Bootstrap.DEFAULT.resamples());
        Bootstrap bootstrap = new Bootstrap(resamples, Bootstrap.DEFAULT.seed(), CONFIDENCE);
        PairedDifference paired = bootstrap.compare(first, second);
        return of(
                first,
                firstScore,
                secondScore,
                paired.difference().interval(),
                paired.pValue(),
                DetectableEffect.DEFAULT.of(paired.difference().standardError(), first.rows(), differing));
    }

    private static MetricDifference of(
            MetricRows rows, double first, double second, Interval interval, double pValue, double detectable) {
        return new MetricDifference(
                rows.metric().name(),
                first,
                second,
                interval,
                pValue,
                pValue,
                detectable,
                rows.metric().metric().higherIsBetter());
    }
}
