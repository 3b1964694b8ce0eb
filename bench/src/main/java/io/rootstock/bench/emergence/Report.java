package io.rootstock.bench.emergence;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Tables of the results. */
final class Report {
    private Report() {}

    /** Prints a version's measures in a line. */
    static void print(Point point) {
        System.out.printf(
                Locale.ROOT,
                "depth=%d seed=%d tokens=%d parameters=%d %s%n",
                point.depth(),
                point.seed(),
                point.tokens(),
                point.parameters(),
                new TreeMap<>(point.values())
                        .entrySet().stream()
                                .map(entry -> String.format(
                                        Locale.ROOT,
                                        "%s=%.4f",
                                        entry.getKey().key(),
                                        entry.getValue().value()))
                                .collect(Collectors.joining(" ")));
    }

    /** Prints all tables and the figures of the largest model. */
    static void print(Results results, Map<Measure, Baseline> baselines, boolean isQuick) {
        for (Measure measure : Measure.values()) {
            printMeasure(measure, results);
        }
        printGroups(results);
        printPositions(results);
        printVerdicts(results, baselines, isQuick);
    }

    private static void printMeasure(Measure measure, Results results) {
        System.out.printf(
                "%n%s, %s: mean over seeds ± interval of 95 %% over rows / standard deviation over seeds%n%8s %12s",
                measure.title(), measure.unit(), "layers", "parameters");
        results.tokens().forEach(tokens -> System.out.printf("  %24s", tokens + " tokens"));
        System.out.println();
        results.parameters().forEach((depth, parameters) -> {
            System.out.printf("%8d %12d", depth, parameters);
            results.tokens()
                    .forEach(tokens ->
                            System.out.printf("  %24s", text(Summary.of(measure, results.at(depth, tokens)))));
            System.out.println();
        });
    }

    private static String text(Summary summary) {
        return String.format(
                        Locale.ROOT,
                        "%.3f ± %.3f / %.3f",
                        summary.mean(),
                        Summary.QUANTILE * summary.rowError(),
                        summary.seedError())
                .replace("NaN", "-");
    }

    private static void printGroups(Results results) {
        System.out.printf("%nBLiMP by phenomenon at the last checkpoint, accuracy, mean over seeds%n%-28s", "");
        results.parameters().keySet().forEach(depth -> System.out.printf("  %9s", depth + " layers"));
        System.out.println();
        long last = results.tokens().getLast();
        for (String group : new TreeSet<>(results.largest().getFirst().grammar().keySet())) {
            System.out.printf("%-28s", group);
            for (int depth : results.parameters().keySet()) {
                System.out.printf(Locale.ROOT, "  %9.3f", mean(results.at(depth, last), group));
            }
            System.out.println();
        }
    }

    private static double mean(List<Point> points, String group) {
        return points.stream()
                .mapToDouble(point -> point.grammar().get(group))
                .average()
                .orElseThrow();
    }

    private static void printPositions(Results results) {
        System.out.printf("%nInduction score by position of the word, largest model, nats per word%n");
        for (int position = 1; position <= InductionRows.POSITIONS; position++) {
            int at = position;
            System.out.printf(
                    Locale.ROOT,
                    "  %d: %.3f",
                    position,
                    results.largest().stream()
                            .mapToDouble(point -> point.positions().get(at))
                            .average()
                            .orElseThrow());
        }
        System.out.println();
    }

    private static void printVerdicts(Results results, Map<Measure, Baseline> baselines, boolean isQuick) {
        System.out.printf(
                "%nLargest model at its last checkpoint, compared with chance, or with the baseline of a measure"
                        + " without chance%n%-20s %12s %22s %8s %26s  %-14s %-14s%n",
                "", "first, small", "last, large ± error", "chance", "baseline", "outcome", "expected");
        int asExpected = 0;
        for (Measure measure : Measure.values()) {
            Summary summary = Summary.of(measure, results.largest());
            Outcome outcome = summary.outcome(measure, baselines);
            List<Expectation> expected = Expectation.ALL.stream()
                    .filter(one -> one.measure() == measure)
                    .toList();
            Baseline baseline = baselines.get(measure);
            System.out.printf(
                    Locale.ROOT,
                    "%-20s %12.3f %22s %8s %26s  %-14s %-14s%n",
                    measure.key(),
                    Summary.of(measure, results.smallest()).mean(),
                    String.format(Locale.ROOT, "%.3f ± %.3f", summary.mean(), Summary.QUANTILE * summary.error()),
                    measure.chance().isPresent()
                            ? String.format(
                                    Locale.ROOT, "%.3f", measure.chance().getAsDouble())
                            : "-",
                    baseline == null ? "-" : String.format(Locale.ROOT, "%.3f %s", baseline.value(), baseline.name()),
                    outcome.text(),
                    expected.isEmpty()
                            ? "-"
                            : expected.getFirst().outcome(isQuick).text());
            asExpected += expected.stream().anyMatch(one -> one.outcome(isQuick) == outcome) ? 1 : 0;
        }
        System.out.println("error: half of the interval of 95 % with respect to other rows and other seeds together");
        for (Measure measure : Measure.values()) {
            System.out.printf(
                    Locale.ROOT,
                    "%s=%.4f%n",
                    measure.key(),
                    Summary.of(measure, results.largest()).mean());
        }
        System.out.println("as_expected=" + asExpected + "_of_" + Expectation.ALL.size());
    }
}
