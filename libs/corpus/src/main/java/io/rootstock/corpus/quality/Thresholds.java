package io.rootstock.corpus.quality;

/** Checks of thresholds. */
final class Thresholds {
    private Thresholds() {}

    /** Requires a finite number from 0 on. */
    static void requireNotNegative(String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + " is " + value + "; set a number from 0 on, 0 for no such rule");
        }
    }

    /** Requires a maximum that is 0 or not below a minimum. */
    static void requireOrder(String minimumName, double minimum, String maximumName, double maximum) {
        if (maximum != 0 && maximum < minimum) {
            throw new IllegalArgumentException(maximumName + " is " + maximum + ", below " + minimumName + ", which is "
                    + minimum + "; raise it, or set 0 for no such rule");
        }
    }
}
