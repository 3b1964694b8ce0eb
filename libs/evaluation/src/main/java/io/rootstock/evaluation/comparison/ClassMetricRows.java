package io.rootstock.evaluation.comparison;

import io.rootstock.evaluation.metric.WeightedRows;
import io.rootstock.evaluation.task.score.PredictedClasses;

/** Rows whose metric depends on the predicted classes of all of them. */
final class ClassMetricRows implements MetricRows {
    private final RecordMetric metric;
    private final PredictedClasses predictions = new PredictedClasses();
    /** Null until the first score after the last change. */
    private WeightedRows weighted;

    ClassMetricRows(RecordMetric metric) {
        this.metric = metric;
    }

    @Override
    public RecordMetric metric() {
        return metric;
    }

    @Override
    public void add(ScoredRow row) {
        predictions.add(metric.prediction(row));
        weighted = null;
    }

    @Override
    public void reorder(int[] order) {
        predictions.reorder(order);
        weighted = null;
    }

    @Override
    public double value(int row) {
        return predictions.value(metric.metric(), row);
    }

    @Override
    public boolean isBinary() {
        return false;
    }

    @Override
    public boolean equalRow(MetricRows other, int row) {
        return other instanceof ClassMetricRows rows && predictions.equalRow(rows.predictions, row);
    }

    @Override
    public int width() {
        return PredictedClasses.WIDTH;
    }

    @Override
    public int rows() {
        return predictions.rows();
    }

    @Override
    public double score(int[] weights) {
        if (weighted == null) {
            weighted = predictions.weighted(metric.metric());
        }
        return weighted.score(weights);
    }
}
