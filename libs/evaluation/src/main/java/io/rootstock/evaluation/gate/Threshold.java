package io.rootstock.evaluation.gate;

import io.rootstock.evaluation.statistic.Interval;
import java.util.Locale;

/**
 * The metric's interval of 95 % lies on the right side of a bound: not below it where more is better, else not above it.
 *
 * @param bound finite
 */
public record Threshold(double bound) {
    public Threshold {
        Bounds.requireFinite("bound", bound);
    }

    /** Judges the value of a metric. */
    public GateOutcome judge(String metric, double value, Interval interval, boolean higherIsBetter) {
        double end = higherIsBetter ? interval.low() : interval.high();
        boolean passed = higherIsBetter ? end >= bound : end <= bound;
        return new GateOutcome(
                passed,
                String.format(
                        Locale.ROOT,
                        "%s %.4g [%.4g, %.4g]: the %s end is %s %.4g",
                        metric,
                        value,
                        interval.low(),
                        interval.high(),
                        higherIsBetter ? "lower" : "upper",
                        end == bound ? "equal to" : end > bound ? "above" : "below",
                        bound));
    }
}
