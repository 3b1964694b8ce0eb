package io.rootstock.evaluation.metric;

import java.util.Arrays;
import java.util.List;

/** Rows whose score can be computed with a weight for each row: the number of times that a resample contains it. */
public interface WeightedRows {
    /** Number of rows. */
    int rows();

    /**
     * Computes the score of a resample; NaN where the metric is undefined on it.
     *
     * @param weights weight of each row, at least 0, [{@link #rows()}]; read only
     */
    double score(int[] weights);

    /** Computes the score of the rows themselves: each has weight 1. */
    default double score() {
        int[] weights = new int[rows()];
        Arrays.fill(weights, 1);
        return score(weights);
    }

    /** Returns rows whose score is the mean of their values; NaN without rows. */
    static WeightedRows mean(double[] values) {
        return new MeanRows(values.clone());
    }

    /**
     * Returns the rows of a corpus metric.
     *
     * @param statistics statistics of each row, [rows][{@link CorpusMetric#size()}]
     * @throws IllegalArgumentException if a vector has another length
     */
    static WeightedRows of(CorpusMetric metric, List<double[]> statistics) {
        double[][] rows = new double[statistics.size()][];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = statistics.get(row).clone();
            if (rows[row].length != metric.size()) {
                throw new IllegalArgumentException(
                        "row %d has %d statistics instead of %d".formatted(row, rows[row].length, metric.size()));
            }
        }
        return new CorpusRows(metric, rows);
    }
}
