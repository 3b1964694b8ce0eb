package io.rootstock.evaluation.statistic;

import org.apache.commons.numbers.gamma.RegularizedBeta;

/** Student's t distribution: of means whose error is estimated from few values. */
final class StudentDistribution {
    /** Halvings of an interval of length 1 after which a double has no more digits, small results included. */
    private static final int HALVINGS = 200;

    private StudentDistribution() {}

    /**
     * Returns the value t for which -t to t has this probability: the probability outside is I_x(f/2, 1/2) with
     * x = f / (f + t²), f the degrees of freedom and I the regularized incomplete beta function.
     *
     * @throws IllegalArgumentException unless the probability is between 0 and 1, both excluded, and there is at least one
     *     degree of freedom
     */
    static double twoSided(double confidence, long degreesOfFreedom) {
        Fractions.check("confidence", confidence);
        if (degreesOfFreedom < 1) {
            throw new IllegalArgumentException(
                    "a t interval needs at least 2 values, not " + Math.max(0, degreesOfFreedom + 1));
        }
        double low = 0;
        double high = 1;
        for (int i = 0; i < HALVINGS; i++) {
            double x = low + (high - low) / 2;
            if (RegularizedBeta.value(x, degreesOfFreedom / 2.0, 0.5) < 1 - confidence) {
                low = x;
            } else {
                high = x;
            }
        }
        return Math.sqrt(degreesOfFreedom * (1 - high) / high);
    }
}
