package io.rootstock.evaluation.statistic;

import org.apache.commons.numbers.gamma.LogBeta;

/** Fisher's exact test of two shares of independent rows. */
public final class FisherExact {
    private FisherExact() {}

    /**
     * Returns the probability that the first share is as large as it is or larger, if both rows come from one
     * distribution: P(X ≥ successes) of the hypergeometric distribution with the margins of the table.
     *
     * @return the one-sided p-value, 0 to 1
     */
    public static double greater(Proportion first, Proportion second) {
        long rows = first.rows() + second.rows();
        long successes = first.successes() + second.successes();
        long most = Math.min(first.rows(), successes);
        // Probability of each table, from the observed one to the one with the most successes.
        double probability = Math.exp(logChoose(successes, first.successes())
                + logChoose(rows - successes, first.rows() - first.successes())
                - logChoose(rows, first.rows()));
        double tail = probability;
        for (long x = first.successes(); x < most; x++) {
            probability *= (double) (successes - x) * (first.rows() - x);
            probability /= (double) (x + 1) * (rows - successes - first.rows() + x + 1);
            tail += probability;
        }
        return Math.min(1, tail);
    }

    private static double logChoose(long n, long k) {
        return -Math.log(n + 1.0) - LogBeta.value(k + 1.0, n - k + 1.0);
    }
}
