package io.rootstock.evaluation.statistic;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Holm's correction (1979) of several tests: bounds the probability of any false rejection, dependent tests included. */
public final class Holm {
    private Holm() {}

    /**
     * Returns adjusted p-values in the order of the tests. A test is rejected if its adjusted p-value is below the
     * level that one test would have.
     *
     * @param pValues 0 to 1 each
     * @throws IllegalArgumentException if a value is out of range
     */
    public static double[] adjust(double[] pValues) {
        for (int test = 0; test < pValues.length; test++) {
            if (!(pValues[test] >= 0 && pValues[test] <= 1)) {
                throw new IllegalArgumentException(
                        "test " + test + ": p-value " + pValues[test] + " is not between 0 and 1");
            }
        }
        int[] order = IntStream.range(0, pValues.length)
                .boxed()
                .sorted(Comparator.comparingDouble(test -> pValues[test]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] adjusted = new double[pValues.length];
        double largest = 0;
        for (int rank = 0; rank < order.length; rank++) {
            largest = Math.max(largest, Math.min(1, (order.length - rank) * pValues[order[rank]]));
            adjusted[order[rank]] = largest;
        }
        return adjusted;
    }
}
