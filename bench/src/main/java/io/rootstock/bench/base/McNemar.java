package io.rootstock.bench.base;

import java.util.List;

/**
 * Comparison of two classifiers on equal rows.
 *
 * @param onlyFirst number of rows that only the first one classifies correctly
 * @param onlySecond number of rows that only the second one classifies correctly
 */
record McNemar(int onlyFirst, int onlySecond) {
    private static final double SIGNIFICANT = 0.05;

    static McNemar of(List<String> expected, List<String> first, List<String> second) {
        int onlyFirst = 0;
        int onlySecond = 0;
        for (int row = 0; row < expected.size(); row++) {
            boolean right = expected.get(row).equals(first.get(row));
            boolean otherRight = expected.get(row).equals(second.get(row));
            onlyFirst += right && !otherRight ? 1 : 0;
            onlySecond += otherRight && !right ? 1 : 0;
        }
        return new McNemar(onlyFirst, onlySecond);
    }

    /** Returns the p-value of equal accuracy: exact, two-sided (McNemar 1947). */
    double p() {
        int rows = onlyFirst + onlySecond;
        double tail = 0;
        double coefficient = -rows * Math.log(2);
        for (int k = 0; k <= Math.min(onlyFirst, onlySecond); k++) {
            tail += Math.exp(coefficient);
            coefficient += Math.log((double) (rows - k) / (k + 1));
        }
        return Math.min(1, 2 * tail);
    }

    /** Whether the first one is significantly less accurate. */
    boolean firstIsWorse() {
        return onlyFirst < onlySecond && p() < SIGNIFICANT;
    }
}
