package io.rootstock.evaluation.metric.classes;

import io.rootstock.evaluation.metric.WeightedRows;

/** Rows with a true and a predicted class, scored by a metric of their confusion matrix. */
public final class ClassRows implements WeightedRows {
    private final ClassMetric metric;
    private final int classes;
    private final int[] labels;
    private final int[] predicted;

    /**
     * Creates rows.
     *
     * @param labels true class of each row, [rows]
     * @param predicted predicted class of each row, [rows]
     * @throws IllegalArgumentException if the lengths differ or a class is not below {@code classes}
     */
    public ClassRows(ClassMetric metric, int classes, int[] labels, int[] predicted) {
        if (labels.length != predicted.length) {
            throw new IllegalArgumentException(
                    "%d labels but %d predictions".formatted(labels.length, predicted.length));
        }
        for (int row = 0; row < labels.length; row++) {
            check(labels[row], classes, row);
            check(predicted[row], classes, row);
        }
        this.metric = metric;
        this.classes = classes;
        this.labels = labels.clone();
        this.predicted = predicted.clone();
    }

    private static void check(int label, int classes, int row) {
        if (label < 0 || label >= classes) {
            throw new IllegalArgumentException(
                    "row %d: class %d is not between 0 and %d".formatted(row, label, classes - 1));
        }
    }

    @Override
    public int rows() {
        return labels.length;
    }

    @Override
    public double score(int[] weights) {
        ConfusionMatrix matrix = new ConfusionMatrix(classes);
        for (int row = 0; row < labels.length; row++) {
            matrix.add(labels[row], predicted[row], weights[row]);
        }
        return metric.of(matrix);
    }
}
