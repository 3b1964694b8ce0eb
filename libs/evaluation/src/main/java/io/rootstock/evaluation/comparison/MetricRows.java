package io.rootstock.evaluation.comparison;

import io.rootstock.evaluation.metric.WeightedRows;

/** Rows of a task in one metric, aggregated as the metric of the whole task is. */
sealed interface MetricRows extends WeightedRows permits ScoreRows, StatisticRows, ClassMetricRows {
    RecordMetric metric();

    void add(ScoredRow row);

    /** Orders the rows; {@code order} has the old index of each row. */
    void reorder(int[] order);

    /** Value of a row: the metric of the row alone, or a log-probability in perplexities and bits per byte. */
    double value(int row);

    /** Whether a larger value of a row is better. */
    default boolean prefersMore() {
        return metric().metric().higherIsBetter() || metric().metric().scoresLogprobs();
    }

    /** Whether each row is 0 or 1, and the metric is their mean. */
    boolean isBinary();

    /** Whether both have the same numbers in a row. */
    boolean equalRow(MetricRows other, int row);

    /** Number of rows with other numbers. */
    default int differing(MetricRows other) {
        int differing = 0;
        for (int row = 0; row < rows(); row++) {
            differing += equalRow(other, row) ? 0 : 1;
        }
        return differing;
    }

    /** Numbers that are kept of a row. */
    int width();
}
