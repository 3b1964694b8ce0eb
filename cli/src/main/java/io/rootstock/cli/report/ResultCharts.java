package io.rootstock.cli.report;

import io.rootstock.cli.evaluation.MetricScale;
import io.rootstock.cli.report.IntervalChart.Bar;
import io.rootstock.evaluation.v1.MetricComparison;
import io.rootstock.evaluation.v1.MetricResult;
import io.rootstock.evaluation.v1.TaskComparison;
import io.rootstock.evaluation.v1.TaskResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Charts of results and differences: one for shares, one for percentages, one for each other metric. */
final class ResultCharts {
    private static final double HUNDRED = 100;

    private ResultCharts() {}

    /** Metrics that share an axis. */
    private record Axis(MetricScale scale, String metric) {
        static Axis of(String metric) {
            MetricScale scale = MetricScale.of(metric);
            return new Axis(scale, scale == MetricScale.OTHER ? metric : "");
        }

        String title() {
            return switch (scale) {
                case SHARE -> "Shares of rows and F-scores, 0 to 1";
                case PERCENT -> "BLEU and chrF, 0 to 100";
                case OTHER -> metric;
            };
        }
    }

    /**
     * Returns the charts of the values.
     *
     * @param series results of the evaluations by label, the baseline first; one or two
     */
    static List<IntervalChart> values(Map<String, List<TaskResult>> series) {
        Map<String, List<Bar>> rows = new LinkedHashMap<>();
        Map<String, Axis> axes = new LinkedHashMap<>();
        int index = 2 - series.size();
        for (Map.Entry<String, List<TaskResult>> each : series.entrySet()) {
            for (TaskResult task : each.getValue()) {
                for (MetricResult metric : task.getMetricsList()) {
                    String row = task.getTask() + " " + metric.getMetric();
                    axes.put(row, Axis.of(metric.getMetric()));
                    rows.computeIfAbsent(row, _ -> new ArrayList<>())
                            .add(bar(row + (series.size() == 1 ? "" : ", " + each.getKey()), metric, index));
                }
            }
            index++;
        }
        Map<Axis, List<Bar>> bars = new LinkedHashMap<>();
        rows.forEach((row, values) ->
                bars.computeIfAbsent(axes.get(row), _ -> new ArrayList<>()).addAll(values));
        List<IntervalChart> charts = new ArrayList<>();
        bars.forEach((axis, all) -> charts.add(
                switch (axis.scale()) {
                    case SHARE -> new IntervalChart(axis.title(), axis.scale(), 0, 1, all);
                    case PERCENT -> new IntervalChart(axis.title(), axis.scale(), 0, HUNDRED, all);
                    case OTHER -> IntervalChart.fitted(axis.title(), axis.scale(), all);
                }));
        return charts;
    }

    /** Returns the charts of the differences. */
    static List<IntervalChart> differences(List<TaskComparison> tasks) {
        Map<Axis, List<Bar>> bars = new LinkedHashMap<>();
        for (TaskComparison task : tasks) {
            for (MetricComparison metric : task.getMetricsList()) {
                bars.computeIfAbsent(Axis.of(metric.getMetric()), _ -> new ArrayList<>())
                        .add(new Bar(
                                task.getTask() + " " + metric.getMetric(),
                                metric.getDifference(),
                                metric.getLower(),
                                metric.getUpper(),
                                OptionalDouble.of(0),
                                1));
            }
        }
        List<IntervalChart> charts = new ArrayList<>();
        bars.forEach(
                (axis, all) -> charts.add(IntervalChart.centered("Difference: " + axis.title(), axis.scale(), all)));
        return charts;
    }

    private static Bar bar(String label, MetricResult metric, int series) {
        return new Bar(
                label,
                metric.getValue(),
                metric.getLower(),
                metric.getUpper(),
                metric.hasChance() ? OptionalDouble.of(metric.getChance()) : OptionalDouble.empty(),
                series);
    }
}
