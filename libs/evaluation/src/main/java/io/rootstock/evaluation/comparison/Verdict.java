package io.rootstock.evaluation.comparison;

/** Verdict of a paired test at the 5 % level. */
public enum Verdict {
    /** The second evaluation is better. */
    BETTER,
    /** The second evaluation is worse. */
    WORSE,
    /** The rows do not show a difference. */
    NO_DIFFERENCE,
    /** The test is undefined. */
    UNDEFINED;

    private static final double LEVEL = 0.05;

    static Verdict of(double pValue, double difference, boolean higherIsBetter) {
        if (Double.isNaN(pValue)) {
            return UNDEFINED;
        }
        if (pValue >= LEVEL) {
            return NO_DIFFERENCE;
        }
        return difference > 0 == higherIsBetter ? BETTER : WORSE;
    }
}
