package io.rootstock.evaluation.gate;

import io.rootstock.evaluation.comparison.MetricDifference;
import java.util.Locale;

/**
 * The version is not worse than the one that the alias points to by more than a margin: the paired interval of 95 % excludes
 * larger losses. Few rows have a wide interval, so that equal versions fail too; the outcome then says so.
 *
 * @param margin largest loss in the unit of the metric, at least 0
 */
public record NotWorseThanCurrent(double margin) {
    public NotWorseThanCurrent {
        Bounds.requireAtLeastZero("margin", margin);
    }

    /** Judges the difference between the version and the current one, which is the first. */
    public GateOutcome judge(MetricDifference difference) {
        double loss = difference.higherIsBetter()
                ? -difference.interval().low()
                : difference.interval().high();
        boolean passed = loss <= margin;
        return new GateOutcome(
                passed,
                String.format(
                        Locale.ROOT,
                        "%s %.4g, current %.4g: the loss is at most %.4g, the margin %.4g%s",
                        difference.metric(),
                        difference.second(),
                        difference.first(),
                        Math.max(loss, 0),
                        margin,
                        passed ? "" : Bounds.detectable(difference)));
    }
}
