package io.rootstock.bench.emergence;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * A measure of the versions that differ in the seed only.
 *
 * @param mean mean over seeds
 * @param rowError mean standard error over rows: all seeds are measured on the same rows
 * @param seedError standard deviation over seeds; NaN for one seed
 * @param seeds number of seeds
 */
record Summary(double mean, double rowError, double seedError, int seeds) {
    /** Two-sided 95 % of the normal distribution. */
    static final double QUANTILE = 1.96;

    /** Summarizes a measure. */
    static Summary of(Measure measure, Collection<Point> points) {
        List<Value> values =
                points.stream().map(point -> point.values().get(measure)).toList();
        double mean = values.stream().mapToDouble(Value::value).average().orElseThrow();
        double rowError = values.stream().mapToDouble(Value::rowError).average().orElseThrow();
        double squares = values.stream()
                .mapToDouble(value -> (value.value() - mean) * (value.value() - mean))
                .sum();
        return new Summary(mean, rowError, Math.sqrt(squares / (values.size() - 1)), values.size());
    }

    /** Standard error of the mean with respect to other rows and other seeds. */
    double error() {
        double seeds = Double.isNaN(seedError) ? 0 : seedError * seedError / this.seeds;
        return Math.sqrt(rowError * rowError + seeds);
    }

    /** Compares the mean with chance, or with the baseline where the measure has no chance. */
    Outcome outcome(Measure measure, Map<Measure, Baseline> baselines) {
        if (measure.chance().isEmpty() && !baselines.containsKey(measure)) {
            return Outcome.NOT_COMPARED;
        }
        double reference =
                measure.chance().orElseGet(() -> baselines.get(measure).value());
        double difference = measure.higherIsBetter() ? mean - reference : reference - mean;
        if (Math.abs(difference) <= QUANTILE * error()) {
            return Outcome.NO_DIFFERENCE;
        }
        return difference > 0 ? Outcome.BETTER : Outcome.WORSE;
    }
}
