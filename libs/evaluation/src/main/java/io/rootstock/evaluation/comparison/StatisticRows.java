package io.rootstock.evaluation.comparison;

import io.rootstock.evaluation.metric.WeightedRows;
import io.rootstock.evaluation.metric.text.TextMetric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows whose metric depends on the sums of their sufficient statistics: BLEU and chrF. */
final class StatisticRows implements MetricRows {
    private final RecordMetric metric;
    private final TextMetric text;
    private List<double[]> statistics = new ArrayList<>();
    private final List<Double> values = new ArrayList<>();
    private WeightedRows corpus;

    StatisticRows(RecordMetric metric, TextMetric text) {
        this.metric = metric;
        this.text = text;
    }

    @Override
    public RecordMetric metric() {
        return metric;
    }

    @Override
    public void add(ScoredRow row) {
        statistics.add(metric.statistics(text, row));
        values.add(metric.value(row));
        corpus = null;
    }

    @Override
    public void reorder(int[] order) {
        List<double[]> unordered = statistics;
        List<Double> unorderedValues = List.copyOf(values);
        statistics = new ArrayList<>(order.length);
        values.clear();
        for (int row : order) {
            statistics.add(unordered.get(row));
            values.add(unorderedValues.get(row));
        }
        corpus = null;
    }

    @Override
    public double value(int row) {
        return values.get(row);
    }

    @Override
    public boolean isBinary() {
        return false;
    }

    @Override
    public boolean equalRows(MetricRows other) {
        if (!(other instanceof StatisticRows rows) || statistics.size() != rows.statistics.size()) {
            return false;
        }
        for (int row = 0; row < statistics.size(); row++) {
            if (!Arrays.equals(statistics.get(row), rows.statistics.get(row))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int width() {
        return text.size() + 1;
    }

    @Override
    public int rows() {
        return statistics.size();
    }

    @Override
    public double score(int[] weights) {
        if (corpus == null) {
            corpus = WeightedRows.of(text, statistics);
        }
        return corpus.score(weights);
    }
}
