package io.rootstock.bench.finetunes;

import io.rootstock.evaluation.metric.WeightedRows;
import io.rootstock.evaluation.statistic.Bootstrap;
import io.rootstock.evaluation.statistic.McNemar;
import io.rootstock.evaluation.statistic.PairedDifference;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Two systems on the same rows.
 *
 * @param name task and metric, such as {@code sentiment_accuracy}
 * @param rows number of rows
 * @param first name of the first system: {@code base} or a baseline
 * @param paired values of both and their difference
 * @param baselines values of other systems on these rows
 */
record Comparison(String name, int rows, String first, PairedDifference paired, Map<String, Double> baselines) {
    static final String HEADER = String.format(
            Locale.ROOT,
            "%-28s %5s %-12s %9s %9s %10s %20s %9s  %s",
            "task and metric",
            "rows",
            "compared to",
            "value",
            "fine-tune",
            "difference",
            "interval of 95 %",
            "p",
            "baselines");

    Comparison {
        baselines = Map.copyOf(baselines);
    }

    /** Compares a metric that is not a mean of rights and wrongs. */
    static Comparison of(String name, String first, WeightedRows one, WeightedRows other) {
        return new Comparison(name, one.rows(), first, Bootstrap.DEFAULT.compare(one, other), Map.of());
    }

    static Comparison ofAccuracy(String name, String first, boolean[] one, boolean[] other) {
        PairedDifference difference = Bootstrap.DEFAULT.compare(rows(one), rows(other));
        return new Comparison(
                name,
                one.length,
                first,
                new PairedDifference(
                        difference.first(),
                        difference.second(),
                        difference.difference(),
                        McNemar.of(one, other).pValue()),
                Map.of());
    }

    Comparison withBaseline(String baseline, double value) {
        Map<String, Double> more = new LinkedHashMap<>(baselines);
        more.put(baseline, value);
        return new Comparison(name, rows, first, paired, more);
    }

    private static WeightedRows rows(boolean[] right) {
        double[] values = new double[right.length];
        for (int row = 0; row < right.length; row++) {
            values[row] = right[row] ? 1 : 0;
        }
        return WeightedRows.mean(values);
    }

    /** Whether the fine-tune is better, where the p-value is below a level. */
    boolean isBetter(double level) {
        return paired.difference().value() > 0 && paired.pValue() < level;
    }

    /** Row of the table. */
    String row() {
        return String.format(
                Locale.ROOT,
                "%-28s %5d %-12s %9.4f %9.4f %10.4f %9.4f to %7.4f %9.2g  %s",
                name,
                rows,
                first,
                paired.first(),
                paired.second(),
                paired.difference().value(),
                paired.difference().interval().low(),
                paired.difference().interval().high(),
                paired.pValue(),
                texts(", ", " "));
    }

    /** Line for reports. */
    String line() {
        String others = texts(" ", "=");
        return String.format(
                Locale.ROOT,
                "%s: %s=%.4f fine_tune=%.4f difference=%.4f p=%.2g%s",
                name,
                first,
                paired.first(),
                paired.second(),
                paired.difference().value(),
                paired.pValue(),
                others.isEmpty() ? "" : " " + others);
    }

    private String texts(String separator, String between) {
        return baselines.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey() + between + String.format(Locale.ROOT, "%.4f", entry.getValue()))
                .collect(Collectors.joining(separator));
    }
}
