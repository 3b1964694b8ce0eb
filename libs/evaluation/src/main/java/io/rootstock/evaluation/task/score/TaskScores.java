package io.rootstock.evaluation.task.score;

import io.rootstock.evaluation.task.Metric;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Values of a task's metrics over its rows.
 *
 * @param values value by metric as in the records
 * @param rows number of rows
 * @param nearTies number of rows whose prediction floating-point order can change
 */
public record TaskScores(Map<String, Double> values, int rows, int nearTies) {
    public TaskScores {
        values = Map.copyOf(values);
    }

    /**
     * Aggregates records: means of accuracies; perplexity exp(-mean of log-probabilities); weighted perplexities
     * exp(-sum of log-probabilities / sum of weights); bits per byte -sum / sum of bytes / ln 2.
     *
     * @param records records of one task, at least one
     * @throws IllegalArgumentException if {@code records} is empty, or all its documents are
     */
    public static TaskScores of(List<RowRecord> records) {
        if (records.isEmpty()) {
            throw new IllegalArgumentException("no records");
        }
        Map<String, Double> sums = new LinkedHashMap<>();
        Map<String, Double> weights = new LinkedHashMap<>();
        for (RowRecord each : records) {
            each.scores().forEach((name, score) -> {
                sums.merge(name, score.value(), Double::sum);
                weights.merge(name, score.weight(), Double::sum);
            });
        }
        Map<String, Double> values = new LinkedHashMap<>();
        sums.forEach((name, sum) -> {
            if (weights.get(name) == 0) {
                throw new IllegalArgumentException("metric " + name + " has no value: all documents are empty");
            }
            values.put(name, Metric.ofRecord(name).aggregate(sum / weights.get(name)));
        });
        int nearTies = (int) records.stream().filter(RowRecord::nearTie).count();
        return new TaskScores(values, records.size(), nearTies);
    }
}
