package io.rootstock.evaluation.comparison;

import io.rootstock.evaluation.task.score.Score;
import java.util.Arrays;

/** Rows whose metric depends on the sum of their scores divided by the sum of their weights. */
final class ScoreRows implements MetricRows {
    private static final int FIRST_CAPACITY = 256;

    private final RecordMetric metric;
    private double[] values = new double[FIRST_CAPACITY];
    /** Null while every weight is 1. */
    private double[] weights;

    private int rows;

    ScoreRows(RecordMetric metric) {
        this.metric = metric;
    }

    @Override
    public RecordMetric metric() {
        return metric;
    }

    @Override
    public void add(ScoredRow row) {
        Score score = metric.score(row);
        if (rows == values.length) {
            values = Arrays.copyOf(values, 2 * rows);
            weights = weights == null ? null : Arrays.copyOf(weights, 2 * rows);
        }
        if (score.weight() != 1 && weights == null) {
            weights = new double[values.length];
            Arrays.fill(weights, 0, rows, 1);
        }
        values[rows] = score.value();
        if (weights != null) {
            weights[rows] = score.weight();
        }
        rows++;
    }

    @Override
    public void reorder(int[] order) {
        values = reordered(values, order);
        weights = weights == null ? null : reordered(weights, order);
    }

    @Override
    public double value(int row) {
        return values[row];
    }

    @Override
    public boolean isBinary() {
        if (weights != null || metric.metric().scoresLogprobs()) {
            return false;
        }
        for (int row = 0; row < rows; row++) {
            if (values[row] != 0 && values[row] != 1) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equalRow(MetricRows other, int row) {
        return other instanceof ScoreRows scores
                && Double.compare(values[row], scores.values[row]) == 0
                && Double.compare(weight(row), scores.weight(row)) == 0;
    }

    private double weight(int row) {
        return weights == null ? 1 : weights[row];
    }

    @Override
    public int width() {
        return weights == null ? 1 : 2;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public double score(int[] drawn) {
        double sum = 0;
        double divisor = 0;
        for (int row = 0; row < rows; row++) {
            int times = drawn[row];
            if (times > 0) {
                sum += times * values[row];
                divisor += weights == null ? times : times * weights[row];
            }
        }
        return divisor == 0 ? Double.NaN : metric.metric().aggregate(sum / divisor);
    }

    private static double[] reordered(double[] values, int[] order) {
        double[] result = new double[order.length];
        for (int row = 0; row < order.length; row++) {
            result[row] = values[order[row]];
        }
        return result;
    }
}
