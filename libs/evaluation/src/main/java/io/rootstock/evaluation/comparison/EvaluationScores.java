package io.rootstock.evaluation.comparison;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows of an evaluation by task, read from its row records and reduced to numbers. Not safe for several threads. */
public final class EvaluationScores {
    /** Rows of an evaluation that can be compared. */
    public static final int MAX_ROWS = 500_000;

    /** Numbers of these rows: 16 MB, and as much again while an array grows. */
    public static final int MAX_NUMBERS = 2_000_000;

    private final Map<String, TaskRows> tasks = new LinkedHashMap<>();
    private int rows;
    private long numbers;

    /**
     * Creates it without rows.
     *
     * @param metrics metrics of each task, of which the first one judges it; records of other tasks are skipped
     * @throws IllegalArgumentException if a metric does not exist
     */
    public EvaluationScores(Map<String, List<String>> metrics) {
        metrics.forEach((task, names) -> tasks.put(
                task, new TaskRows(names.stream().map(RecordMetric::of).toList())));
    }

    /**
     * Adds a row.
     *
     * @throws IllegalArgumentException if a limit is exceeded, or the record lacks a metric of its task
     */
    public void add(ScoredRow row) {
        TaskRows task = tasks.get(row.task());
        if (task == null) {
            return;
        }
        rows++;
        numbers += task.width();
        if (rows > MAX_ROWS || numbers > MAX_NUMBERS) {
            throw new IllegalArgumentException("the evaluation has more than " + MAX_ROWS + " rows or " + MAX_NUMBERS
                    + " numbers in its metrics; compare evaluations of fewer tasks or rows");
        }
        task.add(row);
    }

    /**
     * Returns the rows of a task, by index.
     *
     * @throws IllegalArgumentException if two records are of the same row
     */
    public TaskRows task(String task) {
        TaskRows found = tasks.get(task);
        found.sort();
        return found;
    }
}
