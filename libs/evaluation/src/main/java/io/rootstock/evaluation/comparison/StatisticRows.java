package io.rootstock.evaluation.comparison;

import io.rootstock.evaluation.metric.text.TextMetric;
import java.util.Arrays;

/** Rows whose metric depends on the sums of their sufficient statistics: BLEU and chrF. */
final class StatisticRows implements MetricRows {
    private static final int FIRST_CAPACITY = 64;

    private final RecordMetric metric;
    private final TextMetric text;
    /** Numbers of a row: its statistics, then its value. */
    private final int width;

    /** [rows][width], flat. */
    private double[] numbers;

    private int rows;

    StatisticRows(RecordMetric metric, TextMetric text) {
        this.metric = metric;
        this.text = text;
        this.width = text.size() + 1;
        this.numbers = new double[FIRST_CAPACITY * width];
    }

    @Override
    public RecordMetric metric() {
        return metric;
    }

    @Override
    public void add(ScoredRow row) {
        if (rows * width == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * numbers.length);
        }
        double[] statistics = metric.statistics(text, row);
        System.arraycopy(statistics, 0, numbers, rows * width, width - 1);
        numbers[rows * width + width - 1] = metric.value(row);
        rows++;
    }

    @Override
    public void reorder(int[] order) {
        double[] ordered = new double[numbers.length];
        for (int row = 0; row < order.length; row++) {
            System.arraycopy(numbers, order[row] * width, ordered, row * width, width);
        }
        numbers = ordered;
    }

    @Override
    public double value(int row) {
        return numbers[row * width + width - 1];
    }

    @Override
    public boolean isBinary() {
        return false;
    }

    @Override
    public boolean equalRow(MetricRows other, int row) {
        return other instanceof StatisticRows statistics
                && Arrays.equals(
                        numbers, row * width, (row + 1) * width, statistics.numbers, row * width, (row + 1) * width);
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public double score(int[] weights) {
        double[] sums = new double[text.size()];
        for (int row = 0; row < rows; row++) {
            int weight = weights[row];
            if (weight > 0) {
                for (int i = 0; i < sums.length; i++) {
                    sums[i] += weight * numbers[row * width + i];
                }
            }
        }
        return text.score(sums);
    }
}
