package io.rootstock.bench.serving;

import java.util.List;

/** Quantiles of measured times in milliseconds. */
record Quantiles(double p50, double p95, double p99) {
    static Quantiles of(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new Quantiles(at(sorted, 0.50), at(sorted, 0.95), at(sorted, 0.99));
    }

    /** Returns the smallest value that at least this share of the values does not exceed. */
    private static double at(double[] sorted, double share) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.ceil(share * sorted.length) - 1];
    }
}
