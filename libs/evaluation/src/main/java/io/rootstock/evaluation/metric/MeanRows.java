package io.rootstock.evaluation.metric;

/** Rows whose score is the weighted mean of their values. */
final class MeanRows implements WeightedRows {
    private final double[] values;

    MeanRows(double[] values) {
        this.values = values;
    }

    @Override
    public int rows() {
        return values.length;
    }

    @Override
    public double score(int[] weights) {
        double sum = 0;
        long count = 0;
        for (int row = 0; row < values.length; row++) {
            sum += weights[row] * values[row];
            count += weights[row];
        }
        return count == 0 ? Double.NaN : sum / count;
    }
}
