package io.rootstock.evaluation.statistic;

import org.apache.commons.numbers.gamma.RegularizedBeta;

/**
 * McNemar's exact test of two systems on the same rows that are right or wrong: given the rows on which they differ,
 * either system is right on half of them if both are equally good. For other scores, such as ties that count in part,
 * use {@link Bootstrap}.
 *
 * @param onlyFirst rows that only the first system has right
 * @param onlySecond rows that only the second system has right
 * @param pValue two-sided, 0 to 1; 1 without differing rows
 */
public record McNemar(long onlyFirst, long onlySecond, double pValue) {
    /**
     * Tests counts of differing rows.
     *
     * @param onlyFirst at least 0
     * @param onlySecond at least 0
     */
    public static McNemar of(long onlyFirst, long onlySecond) {
        if (onlyFirst < 0 || onlySecond < 0) {
            throw new IllegalArgumentException(
                    "McNemar's test of %d and %d rows: below 0".formatted(onlyFirst, onlySecond));
        }
        long fewer = Math.min(onlyFirst, onlySecond);
        long more = Math.max(onlyFirst, onlySecond);
        // Probability of at most `fewer` successes of `fewer + more` with probability 1/2.
        double tail = more == 0 ? 1 : RegularizedBeta.value(0.5, (double) more, fewer + 1.0);
        return new McNemar(onlyFirst, onlySecond, Math.min(1, 2 * tail));
    }

    /**
     * Tests two systems.
     *
     * @param first whether the first system is right, [rows]
     * @param second whether the second system is right, [rows]
     * @throws IllegalArgumentException if the lengths differ
     */
    public static McNemar of(boolean[] first, boolean[] second) {
        if (first.length != second.length) {
            throw new IllegalArgumentException(
                    "%d rows of one system but %d of the other".formatted(first.length, second.length));
        }
        long onlyFirst = 0;
        long onlySecond = 0;
        for (int row = 0; row < first.length; row++) {
            onlyFirst += first[row] && !second[row] ? 1 : 0;
            onlySecond += second[row] && !first[row] ? 1 : 0;
        }
        return of(onlyFirst, onlySecond);
    }
}
