package io.rootstock.evaluation.task.score;

import io.rootstock.evaluation.metric.WeightedRows;
import io.rootstock.evaluation.metric.classes.Calibration;
import io.rootstock.evaluation.metric.classes.CalibrationRows;
import io.rootstock.evaluation.metric.classes.ClassMetric;
import io.rootstock.evaluation.metric.classes.ClassRows;
import io.rootstock.evaluation.metric.classes.RocAuc;
import io.rootstock.evaluation.task.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Predictions of rows as numbers, for metrics of classes. Classes are numbered in the order of their first row. */
public final class PredictedClasses {
    /** Numbers that are kept of a row. */
    public static final int WIDTH = 4;

    private static final int FIRST_CAPACITY = 256;

    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> names = new ArrayList<>();
    private int[] labels = new int[FIRST_CAPACITY];
    private int[] predicted = new int[FIRST_CAPACITY];
    private double[] probabilities = new double[FIRST_CAPACITY];
    /** Probability of the positive class; NaN without one. */
    private double[] positiveProbabilities = new double[FIRST_CAPACITY];

    private boolean[] positive = new boolean[FIRST_CAPACITY];
    private int rows;

    /** Adds a row. */
    public void add(ClassPrediction row) {
        if (rows == labels.length) {
            labels = Arrays.copyOf(labels, 2 * rows);
            predicted = Arrays.copyOf(predicted, 2 * rows);
            probabilities = Arrays.copyOf(probabilities, 2 * rows);
            positiveProbabilities = Arrays.copyOf(positiveProbabilities, 2 * rows);
            positive = Arrays.copyOf(positive, 2 * rows);
        }
        labels[rows] = number(row.label());
        predicted[rows] = number(row.predicted());
        probabilities[rows] = row.probability();
        positiveProbabilities[rows] = row.positiveProbability();
        positive[rows] = row.positive();
        rows++;
    }

    private int number(String name) {
        return numbers.computeIfAbsent(name, added -> {
            names.add(added);
            return names.size() - 1;
        });
    }

    /** Number of rows. */
    public int rows() {
        return rows;
    }

    /** Orders the rows; {@code order} has the old index of each row. */
    public void reorder(int[] order) {
        labels = Arrays.stream(order).map(row -> labels[row]).toArray();
        predicted = Arrays.stream(order).map(row -> predicted[row]).toArray();
        probabilities =
                Arrays.stream(order).mapToDouble(row -> probabilities[row]).toArray();
        positiveProbabilities = Arrays.stream(order)
                .mapToDouble(row -> positiveProbabilities[row])
                .toArray();
        boolean[] ordered = new boolean[order.length];
        for (int row = 0; row < order.length; row++) {
            ordered[row] = positive[order[row]];
        }
        positive = ordered;
    }

    /** Returns the rows so far with their score in a metric of classes. */
    public WeightedRows weighted(Metric metric) {
        return switch (metric) {
            case MACRO_F1 -> classes(ClassMetric.MACRO_F1);
            case MCC -> classes(ClassMetric.MATTHEWS_CORRELATION);
            case ECE -> {
                boolean[] correct = new boolean[rows];
                for (int row = 0; row < rows; row++) {
                    correct[row] = labels[row] == predicted[row];
                }
                yield new CalibrationRows(Arrays.copyOf(probabilities, rows), correct, Calibration.USUAL_BINS);
            }
            case AUC -> new RocAuc(Arrays.copyOf(positiveProbabilities, rows), Arrays.copyOf(positive, rows));
            default -> throw new IllegalArgumentException("not a metric of classes: " + metric.key());
        };
    }

    private WeightedRows classes(ClassMetric metric) {
        return new ClassRows(metric, numbers.size(), Arrays.copyOf(labels, rows), Arrays.copyOf(predicted, rows));
    }

    /** Returns the value of a row: of the calibration error its own error, else the share that is correct. */
    public double value(Metric metric, int row) {
        boolean correct = labels[row] == predicted[row];
        return switch (metric) {
            case ECE -> Math.abs(probabilities[row] - (correct ? 1 : 0));
            case AUC -> positive[row] ? positiveProbabilities[row] : 1 - positiveProbabilities[row];
            default -> correct ? 1 : 0;
        };
    }

    /** Whether both have the same classes and probabilities in a row. */
    public boolean equalRow(PredictedClasses other, int row) {
        return names.get(labels[row]).equals(other.names.get(other.labels[row]))
                && names.get(predicted[row]).equals(other.names.get(other.predicted[row]))
                && Double.compare(probabilities[row], other.probabilities[row]) == 0
                && Double.compare(positiveProbabilities[row], other.positiveProbabilities[row]) == 0
                && positive[row] == other.positive[row];
    }
}
