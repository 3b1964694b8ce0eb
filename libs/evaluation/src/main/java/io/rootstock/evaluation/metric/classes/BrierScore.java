package io.rootstock.evaluation.metric.classes;

/** Brier score: mean squared difference of probabilities and outcomes; 0 is best. */
public final class BrierScore {
    private BrierScore() {}

    /**
     * Computes the score of a two-class probability, 0 to 1: half of the score over both classes.
     *
     * @param probabilities probability of the positive class, 0 to 1, [rows]
     * @param positive whether a row is positive, [rows]
     * @return NaN without rows
     * @throws IllegalArgumentException if the lengths differ or a probability is out of range
     */
    public static double binary(double[] probabilities, boolean[] positive) {
        Probabilities.check(probabilities, positive);
        double sum = 0;
        for (int row = 0; row < probabilities.length; row++) {
            double error = probabilities[row] - (positive[row] ? 1 : 0);
            sum += error * error;
        }
        return sum / probabilities.length;
    }

    /**
     * Computes the score over all classes, 0 to 2 (Brier 1950).
     *
     * @param probabilities 0 to 1, [rows][classes]
     * @param labels true class of each row, [rows]
     * @return NaN without rows
     * @throws IllegalArgumentException if the lengths differ, a probability or a class is out of range
     */
    public static double multiclass(double[][] probabilities, int[] labels) {
        if (probabilities.length != labels.length) {
            throw new IllegalArgumentException(
                    "%d rows of probabilities but %d labels".formatted(probabilities.length, labels.length));
        }
        double sum = 0;
        for (int row = 0; row < labels.length; row++) {
            Probabilities.check(probabilities[row], "row " + row + ", class ");
            if (labels[row] < 0 || labels[row] >= probabilities[row].length) {
                throw new IllegalArgumentException("row %d: class %d is not between 0 and %d"
                        .formatted(row, labels[row], probabilities[row].length - 1));
            }
            for (int label = 0; label < probabilities[row].length; label++) {
                double error = probabilities[row][label] - (labels[row] == label ? 1 : 0);
                sum += error * error;
            }
        }
        return sum / labels.length;
    }
}
