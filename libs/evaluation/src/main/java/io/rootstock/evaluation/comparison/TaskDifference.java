package io.rootstock.evaluation.comparison;

import io.rootstock.evaluation.statistic.Holm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Differences of two evaluations in the metrics of one task.
 *
 * @param task name of the task
 * @param rows number of rows, equal in both
 * @param wins rows whose first score is better in the second evaluation
 * @param losses rows whose first score is worse in the second evaluation
 * @param metrics in the order of the task file; the first one judges the task
 */
public record TaskDifference(String task, int rows, int wins, int losses, List<MetricDifference> metrics) {
    public TaskDifference {
        metrics = List.copyOf(metrics);
    }

    /** Returns the reason why two evaluations of a task cannot be compared; empty if they can. */
    public static Optional<String> mismatch(TaskRows first, TaskRows second) {
        return mismatch(first, second, true);
    }

    /**
     * Returns the reason why two evaluations of a task cannot be compared; empty if they can.
     *
     * @param equalRequests whether rows must have the same requests; false if they have different prompt formats and are
     *     known to be the same rows
     */
    public static Optional<String> mismatch(TaskRows first, TaskRows second, boolean equalRequests) {
        if (first.rows() != second.rows() || first.rows() == 0) {
            return Optional.of("the first evaluation has %d rows, the second %d; evaluate both with the same limit"
                    .formatted(first.rows(), second.rows()));
        }
        for (int row = 0; row < first.rows(); row++) {
            if (first.index(row) != second.index(row)) {
                return Optional.of("row %d is in one of the evaluations only; evaluate both with the same limit"
                        .formatted(Math.min(first.index(row), second.index(row))));
            }
            if (equalRequests && first.hash(row) != second.hash(row)) {
                return Optional.of("row %d has other requests; evaluate both with the same suite, shots and seed"
                        .formatted(first.index(row)));
            }
        }
        return Optional.empty();
    }

    /**
     * Compares two evaluations of a task in the same metrics, of which {@link #mismatch} is empty.
     *
     * @throws IllegalArgumentException if a metric is undefined on most resamples
     */
    public static TaskDifference of(String task, TaskRows first, TaskRows second) {
        MetricRows firstRows = first.metrics().getFirst();
        MetricRows secondRows = second.metrics().getFirst();
        int wins = 0;
        int losses = 0;
        for (int row = 0; row < first.rows(); row++) {
            double better = firstRows.prefersMore() ? secondRows.value(row) : firstRows.value(row);
            double worse = firstRows.prefersMore() ? firstRows.value(row) : secondRows.value(row);
            wins += better > worse ? 1 : 0;
            losses += better < worse ? 1 : 0;
        }
        List<MetricDifference> metrics = new ArrayList<>();
        for (int i = 0; i < first.metrics().size(); i++) {
            metrics.add(
                    MetricDifference.of(first.metrics().get(i), second.metrics().get(i)));
        }
        return new TaskDifference(task, first.rows(), wins, losses, metrics);
    }

    /** Returns the differences with Holm's correction over the first metrics of all tasks. */
    public static List<TaskDifference> adjusted(List<TaskDifference> tasks) {
        List<TaskDifference> defined = tasks.stream()
                .filter(task -> !Double.isNaN(task.metrics().getFirst().pValue()))
                .toList();
        double[] adjusted = Holm.adjust(defined.stream()
                .mapToDouble(task -> task.metrics().getFirst().pValue())
                .toArray());
        List<TaskDifference> result = new ArrayList<>();
        int next = 0;
        for (TaskDifference task : tasks) {
            MetricDifference first = task.metrics().getFirst();
            result.add(Double.isNaN(first.pValue()) ? task : task.withFirst(first.withAdjusted(adjusted[next++])));
        }
        return result;
    }

    private TaskDifference withFirst(MetricDifference first) {
        List<MetricDifference> changed = new ArrayList<>(metrics);
        changed.set(0, first);
        return new TaskDifference(task, rows, wins, losses, changed);
    }
}
