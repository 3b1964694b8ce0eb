package io.rootstock.evaluation.gate;

import io.rootstock.evaluation.comparison.MetricDifference;
import java.util.Locale;

/** Checks of the numbers of rules. */
final class Bounds {
    private Bounds() {}

    static void requireFinite(String name, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(name + ": must be a finite number, was " + value);
        }
    }

    static void requireAtLeastZero(String name, double value) {
        requireFinite(name, value);
        if (value < 0) {
            throw new IllegalArgumentException(name + ": must be at least 0, was " + value);
        }
    }

    /** Sentence on the smallest difference that the rows can show; empty if it is unknown. */
    static String detectable(MetricDifference difference) {
        return Double.isNaN(difference.detectable())
                ? ""
                : String.format(
                        Locale.ROOT,
                        "; these rows show differences above %.4g, more rows show smaller ones",
                        difference.detectable());
    }
}
