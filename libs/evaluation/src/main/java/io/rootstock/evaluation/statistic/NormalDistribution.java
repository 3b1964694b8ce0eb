package io.rootstock.evaluation.statistic;

import org.apache.commons.numbers.gamma.Erfc;
import org.apache.commons.numbers.gamma.InverseErfc;

/** The standard normal distribution. */
final class NormalDistribution {
    private static final double SQRT_2 = Math.sqrt(2);

    private NormalDistribution() {}

    /** Returns the value that the distribution is below with this probability, 0 to 1. */
    static double quantile(double probability) {
        return -SQRT_2 * InverseErfc.value(2 * probability);
    }

    /** Returns the probability of being below a value. */
    static double cumulative(double value) {
        return 0.5 * Erfc.value(-value / SQRT_2);
    }

    /**
     * Returns the value z for which -z to z has this probability.
     *
     * @throws IllegalArgumentException unless the probability is between 0 and 1, both excluded
     */
    static double twoSided(double confidence) {
        Fractions.check("confidence", confidence);
        return quantile(0.5 + confidence / 2);
    }
}
