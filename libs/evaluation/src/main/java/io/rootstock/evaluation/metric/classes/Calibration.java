package io.rootstock.evaluation.metric.classes;

import java.util.ArrayList;
import java.util.List;

/**
 * Agreement of predicted probabilities with the observed share (Guo et al. 2017). For several classes, the probability
 * is the largest one of a row, and the outcome is whether its class is the true one.
 *
 * @param bins intervals of probability of equal width that contain rows, in ascending order
 * @param rows number of rows
 */
public record Calibration(List<Bin> bins, long rows) {
    /** Bins that are usual for the expected calibration error. */
    public static final int USUAL_BINS = 15;

    private static final int MAX_BINS = 10_000;

    /**
     * Rows whose probability is in one interval.
     *
     * @param number number of the interval, from 0: (number / bins, (number + 1) / bins], the first one with 0
     * @param rows number of rows, above 0
     * @param probability mean probability of the rows
     * @param observed share of the rows whose outcome is true
     */
    public record Bin(int number, long rows, double probability, double observed) {}

    public Calibration {
        bins = List.copyOf(bins);
    }

    /**
     * Groups rows by probability.
     *
     * @param probabilities 0 to 1, [rows]
     * @param outcomes [rows]
     * @param bins number of intervals, 1 to 10,000
     * @throws IllegalArgumentException if the lengths differ or a value is out of its range
     */
    public static Calibration of(double[] probabilities, boolean[] outcomes, int bins) {
        if (bins < 1 || bins > MAX_BINS) {
            throw new IllegalArgumentException(bins + " calibration bins: not between 1 and " + MAX_BINS);
        }
        Probabilities.check(probabilities, outcomes);
        long[] rows = new long[bins];
        long[] right = new long[bins];
        double[] sums = new double[bins];
        for (int row = 0; row < probabilities.length; row++) {
            int bin = bin(probabilities[row], bins);
            rows[bin]++;
            right[bin] += outcomes[row] ? 1 : 0;
            sums[bin] += probabilities[row];
        }
        List<Bin> filled = new ArrayList<>();
        for (int bin = 0; bin < bins; bin++) {
            if (rows[bin] > 0) {
                filled.add(new Bin(bin, rows[bin], sums[bin] / rows[bin], (double) right[bin] / rows[bin]));
            }
        }
        return new Calibration(filled, probabilities.length);
    }

    /** Number of the first interval whose upper end is not below the probability; ends are rounded as in NumPy. */
    static int bin(double probability, int bins) {
        double width = 1.0 / bins;
        int bin = Math.max(0, Math.min(bins - 1, (int) (probability * bins)) - 1);
        while (bin < bins - 1 && (bin + 1) * width < probability) {
            bin++;
        }
        return bin;
    }

    /** Mean difference of probability and observed share over the rows, 0 to 1; 0 without rows. */
    public double expectedError() {
        double sum = 0;
        for (Bin bin : bins) {
            sum += bin.rows * Math.abs(bin.probability - bin.observed);
        }
        return sum / Math.max(1, rows);
    }

    /** Largest difference of probability and observed share of a bin, 0 to 1; 0 without rows. */
    public double maximumError() {
        return bins.stream()
                .mapToDouble(bin -> Math.abs(bin.probability - bin.observed))
                .max()
                .orElse(0);
    }
}
