package io.rootstock.evaluation.metric.classes;

import io.rootstock.evaluation.metric.WeightedRows;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Area under the ROC curve of a two-class score: the probability that a positive row scores higher than a negative one,
 * where equal scores count as a half. NaN unless both classes have rows.
 */
public final class RocAuc implements WeightedRows {
    /** Row numbers, sorted by score. */
    private final int[] order;

    private final double[] scores;
    private final boolean[] positive;

    /**
     * Creates rows.
     *
     * @param scores larger for rows that are more probably positive, [rows]
     * @param positive whether a row is positive, [rows]
     * @throws IllegalArgumentException if the lengths differ or a score is NaN
     */
    public RocAuc(double[] scores, boolean[] positive) {
        if (scores.length != positive.length) {
            throw new IllegalArgumentException("%d scores but %d labels".formatted(scores.length, positive.length));
        }
        for (int row = 0; row < scores.length; row++) {
            if (Double.isNaN(scores[row])) {
                throw new IllegalArgumentException("row " + row + ": the score is NaN");
            }
        }
        this.scores = scores.clone();
        this.positive = positive.clone();
        this.order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(row -> scores[row]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /**
     * Computes the mean area of each class against all others. Classes without rows, or with all rows, do not count;
     * scikit-learn refuses such rows. NaN if no class counts.
     *
     * @param probabilities score of each class in each row, [rows][classes]
     * @param labels true class of each row, [rows]
     * @param weighted whether each class counts by its rows (scikit-learn's "weighted") or equally ("macro")
     * @throws IllegalArgumentException if the lengths differ, a class is out of range or a score is NaN
     */
    public static double oneVersusRest(double[][] probabilities, int[] labels, boolean weighted) {
        if (probabilities.length != labels.length) {
            throw new IllegalArgumentException(
                    "%d rows of scores but %d labels".formatted(probabilities.length, labels.length));
        }
        int classes = labels.length == 0 ? 0 : probabilities[0].length;
        checkRows(probabilities, labels, classes);
        double sum = 0;
        double weights = 0;
        for (int label = 0; label < classes; label++) {
            double[] scores = new double[labels.length];
            boolean[] positive = new boolean[labels.length];
            int count = 0;
            for (int row = 0; row < labels.length; row++) {
                scores[row] = probabilities[row][label];
                positive[row] = labels[row] == label;
                count += positive[row] ? 1 : 0;
            }
            if (count > 0 && count < labels.length) {
                double weight = weighted ? count : 1;
                sum += weight * new RocAuc(scores, positive).score();
                weights += weight;
            }
        }
        return sum / weights;
    }

    private static void checkRows(double[][] probabilities, int[] labels, int classes) {
        for (int row = 0; row < labels.length; row++) {
            if (probabilities[row].length != classes || labels[row] < 0 || labels[row] >= classes) {
                throw new IllegalArgumentException("row %d: class %d and %d scores, but there are %d classes"
                        .formatted(row, labels[row], probabilities[row].length, classes));
            }
        }
    }

    @Override
    public int rows() {
        return scores.length;
    }

    @Override
    public double score(int[] weights) {
        double positives = 0;
        double negatives = 0;
        double pairs = 0;
        int start = 0;
        while (start < order.length) {
            int end = start;
            long tiedPositives = 0;
            long tiedNegatives = 0;
            while (end < order.length && scores[order[end]] == scores[order[start]]) {
                int row = order[end];
                tiedPositives += positive[row] ? weights[row] : 0;
                tiedNegatives += positive[row] ? 0 : weights[row];
                end++;
            }
            pairs += tiedPositives * (negatives + 0.5 * tiedNegatives);
            positives += tiedPositives;
            negatives += tiedNegatives;
            start = end;
        }
        return pairs / (positives * negatives);
    }
}
