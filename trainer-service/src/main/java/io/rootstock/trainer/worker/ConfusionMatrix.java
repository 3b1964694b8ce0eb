package io.rootstock.trainer.worker;

import io.rootstock.trainer.v1.ClassFigures;
import io.rootstock.trainer.v1.ClassificationReport;
import java.util.Arrays;
import java.util.List;

/** Counts of true and predicted classes, and the metrics derived from them. */
final class ConfusionMatrix {
    private final int classes;
    /** [true][predicted]. */
    private final long[][] counts;

    private long rows;

    ConfusionMatrix(int classes) {
        this.classes = classes;
        this.counts = new long[classes][classes];
    }

    /**
     * Adds a row. The predicted class has the highest score, the lowest id among equal scores.
     *
     * @param scores scores of all classes, starting at {@code offset}
     * @return cross-entropy of the true class, nats
     */
    double add(int label, float[] scores, int offset) {
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
        counts[label][predicted]++;
        rows++;
        return highest + Math.log(sum) - scores[offset + label];
    }

    long rows() {
        return rows;
    }

    /** Share of correctly predicted rows. */
    double accuracy() {
        long right = 0;
        for (int i = 0; i < classes; i++) {
            right += counts[i][i];
        }
        return (double) right / Math.max(1, rows);
    }

    /** Accuracy of always predicting the most frequent class of these rows. */
    double majorityAccuracy() {
        long most = Arrays.stream(counts)
                .mapToLong(row -> Arrays.stream(row).sum())
                .max()
                .orElse(0);
        return (double) most / Math.max(1, rows);
    }

    /** Mean F1 over the classes, excluding classes that were neither present nor predicted. */
    double macroF1() {
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

    /**
     * Returns precision, recall, F1 and counts of each class.
     *
     * @param labels names of the classes in id order
     */
    ClassificationReport report(List<String> labels) {
        ClassificationReport.Builder report = ClassificationReport.newBuilder();
        for (int i = 0; i < classes; i++) {
            report.addClasses(ClassFigures.newBuilder()
                    .setLabel(labels.get(i))
                    .setPrecision((double) counts[i][i] / Math.max(1, predicted(i)))
                    .setRecall((double) counts[i][i] / Math.max(1, actual(i)))
                    .setF1(f1(i))
                    .setRows(actual(i)));
            Arrays.stream(counts[i]).forEach(report::addConfusion);
        }
        return report.build();
    }

    private double f1(int label) {
        return 2.0 * counts[label][label] / Math.max(1, actual(label) + predicted(label));
    }

    private long actual(int label) {
        return Arrays.stream(counts[label]).sum();
    }

    private long predicted(int label) {
        return Arrays.stream(counts).mapToLong(row -> row[label]).sum();
    }
}
