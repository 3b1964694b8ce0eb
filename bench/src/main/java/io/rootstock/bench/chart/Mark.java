package io.rootstock.bench.chart;

/**
 * A value of a series, with two errors that are drawn apart.
 *
 * @param x position on the x axis: a value, or the index of a category
 * @param y mean over seeds
 * @param rowError half of the interval over rows; NaN: none
 * @param seedError standard deviation over seeds; NaN: none
 */
public record Mark(double x, double y, double rowError, double seedError) {
    /** Lower end of the longer error bar. */
    double low() {
        return y - longest();
    }

    /** Upper end of the longer error bar. */
    double high() {
        return y + longest();
    }

    private double longest() {
        double row = Double.isNaN(rowError) ? 0 : rowError;
        return Double.isNaN(seedError) ? row : Math.max(row, seedError);
    }
}
