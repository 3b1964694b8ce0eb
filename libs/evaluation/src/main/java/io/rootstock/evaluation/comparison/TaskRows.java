package io.rootstock.evaluation.comparison;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Rows of one task in some metrics. */
public final class TaskRows {
    private static final int FIRST_CAPACITY = 256;
    private static final int HASH_DIGITS = 16;

    private final List<MetricRows> metrics;
    private int[] indexes = new int[FIRST_CAPACITY];
    /** The first 64 bits of each hash. */
    private long[] hashes = new long[FIRST_CAPACITY];

    private int rows;
    private boolean sorted = true;

    /** Creates it without rows; of the metrics, the first one judges the task. */
    TaskRows(List<RecordMetric> metrics) {
        this.metrics = metrics.stream().map(RecordMetric::rows).toList();
    }

    void add(ScoredRow row) {
        if (rows == indexes.length) {
            indexes = Arrays.copyOf(indexes, 2 * rows);
            hashes = Arrays.copyOf(hashes, 2 * rows);
        }
        sorted &= rows == 0 || indexes[rows - 1] < row.row();
        indexes[rows] = row.row();
        hashes[rows] = Long.parseUnsignedLong(row.requestHash(), 0, HASH_DIGITS, 16);
        metrics.forEach(scores -> scores.add(row));
        rows++;
    }

    /** Orders the rows by index. */
    void sort() {
        if (sorted) {
            return;
        }
        int[] order = IntStream.range(0, rows)
                .boxed()
                .sorted(Comparator.comparingInt(row -> indexes[row]))
                .mapToInt(Integer::intValue)
                .toArray();
        indexes = Arrays.stream(order).map(row -> indexes[row]).toArray();
        hashes = Arrays.stream(order).mapToLong(row -> hashes[row]).toArray();
        metrics.forEach(scores -> scores.reorder(order));
        for (int row = 1; row < rows; row++) {
            if (indexes[row] == indexes[row - 1]) {
                throw new IllegalArgumentException("two records are of row " + indexes[row]);
            }
        }
        sorted = true;
    }

    /** Number of rows. */
    public int rows() {
        return rows;
    }

    /** Numbers that are kept of a row. */
    int width() {
        return metrics.stream().mapToInt(MetricRows::width).sum();
    }

    List<MetricRows> metrics() {
        return metrics;
    }

    int index(int row) {
        return indexes[row];
    }

    long hash(int row) {
        return hashes[row];
    }
}
