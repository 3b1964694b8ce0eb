package io.rootstock.evaluation.gate;

import io.rootstock.evaluation.comparison.MetricDifference;
import java.util.Locale;

/**
 * The version is better than the one that the alias points to: the paired test finds a difference, and the gain is large
 * enough.
 *
 * @param minimumGain smallest gain in the unit of the metric, at least 0
 * @param maximumPValue largest two-sided p-value, above 0, at most 0.5
 */
public record BetterThanCurrent(double minimumGain, double maximumPValue) {
    public BetterThanCurrent {
        Bounds.requireAtLeastZero("minimum_gain", minimumGain);
        if (!(maximumPValue > 0 && maximumPValue <= 0.5)) {
            throw new IllegalArgumentException(
                    "maximum_p_value: must be above 0 and at most 0.5, was " + maximumPValue);
        }
    }

    /** Judges the difference between the version and the current one, which is the first. */
    public GateOutcome judge(MetricDifference difference) {
        double gain = difference.higherIsBetter() ? difference.difference() : -difference.difference();
        boolean passed = difference.pValue() <= maximumPValue && gain > 0 && gain >= minimumGain;
        return new GateOutcome(
                passed,
                String.format(
                        Locale.ROOT,
                        "%s %.4g, current %.4g: gain %.4g of at least %.4g, p %.3g of at most %.3g%s",
                        difference.metric(),
                        difference.second(),
                        difference.first(),
                        gain,
                        minimumGain,
                        difference.pValue(),
                        maximumPValue,
                        passed ? "" : Bounds.detectable(difference)));
    }
}
