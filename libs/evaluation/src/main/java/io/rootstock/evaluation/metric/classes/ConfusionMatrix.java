package io.rootstock.evaluation.metric.classes;

import java.util.Arrays;

/** Counts of true and predicted classes, and the metrics derived from them. */
public final class ConfusionMatrix {
    private final int classes;
    /** [true][predicted]. */
    private final long[][] counts;
    /** Rows by true class. */
    private final long[] actual;
    /** Rows by predicted class. */
    private final long[] predictions;

    private long rows;

    /** Creates an empty matrix [classes, classes]. */
    public ConfusionMatrix(int classes) {
        this.classes = classes;
        this.counts = new long[classes][classes];
        this.actual = new long[classes];
        this.predictions = new long[classes];
    }

    /** Adds a row. */
    public void add(int label, int predicted) {
        add(label, predicted, 1);
    }

    /** Adds rows that have this true and this predicted class. */
    public void add(int label, int predicted, long number) {
        counts[label][predicted] += number;
        actual[label] += number;
        predictions[predicted] += number;
        rows += number;
    }

    /**
     * Adds a row. The predicted class has the highest score, the lowest id among equal scores.
     *
     * @param scores scores of all classes, starting at {@code offset}
     * @return cross-entropy of the true class, nats
     */
    public double add(int label, float[] scores, int offset) {
        int predicted = 0;
        for (int i = 1; i < classes; i++) {
            if (scores[offset + i] > scores[offset + predicted]) {
                predicted = i;
            }
        }
        double highest = scores[offset + predicted];
        double sum = 0.0;
        for (int i = 0; i < classes; i++) {
            sum += Math.exp(scores[offset + i] - highest);
        }
        add(label, predicted);
        return highest + Math.log(sum) - scores[offset + label];
    }

    /** Number of rows. */
    public long rows() {
        return rows;
    }

    /** Number of rows with this true and this predicted class. */
    public long count(int label, int predicted) {
        return counts[label][predicted];
    }

    /** Share of correctly predicted rows. */
    public double accuracy() {
        long right = 0;
        for (int i = 0; i < classes; i++) {
            right += counts[i][i];
        }
        return (double) right / Math.max(1, rows);
    }

    /** Accuracy of always predicting the most frequent class of these rows. */
    public double majorityAccuracy() {
        return (double) Arrays.stream(actual).max().orElse(0) / Math.max(1, rows);
    }

    /** Mean F1 over the classes, excluding classes that were neither present nor predicted. */
    public double macroF1() {
        double sum = 0.0;
        int known = 0;
        for (int i = 0; i < classes; i++) {
            if (actual(i) + predicted(i) > 0) {
                sum += f1(i);
                known++;
            }
        }
        return known == 0 ? 0.0 : sum / known;
    }

    /** F1 of the sums over the classes; equals the accuracy, because each row has one true and one predicted class. */
    public double microF1() {
        return accuracy();
    }

    /** Mean F1 over the classes, each weighted by its rows. */
    public double weightedF1() {
        double sum = 0.0;
        for (int i = 0; i < classes; i++) {
            sum += f1(i) * actual(i);
        }
        return sum / Math.max(1, rows);
    }

    /**
     * Matthews correlation coefficient for any number of classes (Gorodkin 2004), -1 to 1. 0 if all rows have one true
     * class or one predicted class, where it is undefined: as in scikit-learn.
     */
    public double matthewsCorrelation() {
        double right = 0;
        double both = 0;
        double actualSquares = 0;
        double predictedSquares = 0;
        for (int i = 0; i < classes; i++) {
            double ofClass = actual[i];
            double asClass = predictions[i];
            right += counts[i][i];
            both += ofClass * asClass;
            actualSquares += ofClass * ofClass;
            predictedSquares += asClass * asClass;
        }
        double total = rows;
        double variances = (total * total - actualSquares) * (total * total - predictedSquares);
        return variances == 0 ? 0.0 : (right * total - both) / Math.sqrt(variances);
    }

    /** Share of the rows predicted as the class that have it; 0 without such rows. */
    public double precision(int label) {
        return (double) counts[label][label] / Math.max(1, predicted(label));
    }

    /** Share of the rows of the class that are predicted as it; 0 without such rows. */
    public double recall(int label) {
        return (double) counts[label][label] / Math.max(1, actual(label));
    }

    /** Harmonic mean of precision and recall. */
    public double f1(int label) {
        return 2.0 * counts[label][label] / Math.max(1, actual(label) + predicted(label));
    }

    /** Number of rows whose true class it is. */
    public long actual(int label) {
        return actual[label];
    }

    /** Number of rows whose predicted class it is. */
    public long predicted(int label) {
        return predictions[label];
    }
}
