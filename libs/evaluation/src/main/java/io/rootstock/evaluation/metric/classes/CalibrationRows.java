package io.rootstock.evaluation.metric.classes;

import io.rootstock.evaluation.metric.WeightedRows;

/** Rows with a probability and an outcome, scored by their expected calibration error ({@link Calibration}). */
public final class CalibrationRows implements WeightedRows {
    private final double[] probabilities;
    private final boolean[] outcomes;
    private final int bins;
    /** Bin of each row. */
    private final int[] binOfRow;

    /**
     * Creates rows.
     *
     * @param probabilities 0 to 1, [rows]
     * @param outcomes [rows]
     * @param bins number of intervals of probability, above 0
     * @throws IllegalArgumentException if the lengths differ or a probability is out of range
     */
    public CalibrationRows(double[] probabilities, boolean[] outcomes, int bins) {
        Probabilities.check(probabilities, outcomes);
        this.probabilities = probabilities.clone();
        this.outcomes = outcomes.clone();
        this.bins = bins;
        this.binOfRow = new int[probabilities.length];
        for (int row = 0; row < binOfRow.length; row++) {
            binOfRow[row] = Calibration.bin(probabilities[row], bins);
        }
    }

    @Override
    public int rows() {
        return probabilities.length;
    }

    @Override
    public double score(int[] weights) {
        double[] excess = new double[bins];
        long rows = 0;
        for (int row = 0; row < binOfRow.length; row++) {
            excess[binOfRow[row]] += weights[row] * (probabilities[row] - (outcomes[row] ? 1 : 0));
            rows += weights[row];
        }
        double sum = 0;
        for (double each : excess) {
            sum += Math.abs(each);
        }
        return rows == 0 ? Double.NaN : sum / rows;
    }
}
