package io.rootstock.cli.evaluation;

import io.rootstock.cli.client.Names;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Table;
import io.rootstock.cli.display.VisibleText;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.MetricComparison;
import io.rootstock.evaluation.v1.TaskComparison;
import java.util.ArrayList;
import java.util.List;

/** Comparison of two evaluations: a table of differences, and a sentence for each task. */
public final class ComparisonText {
    private static final double MIN_P = 0.0001;
    private static final int P_DIGITS = 4;

    private final List<TaskComparison> tasks;

    public ComparisonText(List<TaskComparison> tasks) {
        this.tasks = tasks;
    }

    /**
     * Differences second - first with their intervals of 95 % and p-values after Holm's correction.
     *
     * @param first header of the first evaluation's values
     * @param second header of the second evaluation's values
     */
    public Table table(String first, String second) {
        Table table = new Table("task", "metric", first, second, "difference", "95 % interval", "p (Holm)", "verdict");
        for (TaskComparison task : tasks) {
            for (MetricComparison metric : task.getMetricsList()) {
                MetricScale scale = MetricScale.of(metric.getMetric());
                table.row(
                        VisibleText.of(task.getTask()),
                        metric.getMetric(),
                        scale.value(metric.getFirst()),
                        scale.value(metric.getSecond()),
                        scale.signed(metric.getDifference()),
                        interval(metric),
                        pValue(metric.getAdjustedPValue()),
                        shortVerdict(metric));
            }
        }
        return table;
    }

    /**
     * Prints the names of the evaluations, the table and the sentences.
     *
     * @param first the baseline
     */
    public void print(Console console, Evaluation first, Evaluation second) {
        String one = Names.brief(first.getResolved().getVersion());
        String other = Names.brief(second.getResolved().getVersion());
        boolean named = !one.equals(other) && !one.isEmpty() && !other.isEmpty();
        String firstName = named ? one : Names.id(first.getName());
        String secondName = named ? other : Names.id(second.getName());
        console.print("%s (%s) compared with %s (%s)"
                .formatted(secondName, Names.id(second.getName()), firstName, Names.id(first.getName())));
        String formats = PromptFormats.difference(first, second);
        if (!formats.isEmpty()) {
            console.print("note: " + formats);
        }
        table(firstName, secondName).print(console);
        console.print("");
        sentences().forEach(sentence -> console.print("  " + sentence));
    }

    /** The verdict on the first metric of each task, and why tasks were not compared. */
    public List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        for (TaskComparison task : tasks) {
            if (!task.getNotComparable().isEmpty()) {
                sentences.add(VisibleText.of(task.getTask()) + ": not compared: " + task.getNotComparable());
            } else if (task.getMetricsCount() > 0) {
                MetricComparison metric = task.getMetrics(0);
                sentences.add("%s %s: %s (%d of %d rows better, %d worse)"
                        .formatted(
                                VisibleText.of(task.getTask()),
                                metric.getMetric(),
                                verdict(metric),
                                task.getWins(),
                                task.getRows(),
                                task.getLosses()));
            }
        }
        return sentences;
    }

    /** The verdict with its size: {@code better by 3.1 points}, {@code no difference detectable above 1.8 points}. */
    public static String verdict(MetricComparison metric) {
        MetricScale scale = MetricScale.of(metric.getMetric());
        return switch (metric.getVerdict()) {
            case VERDICT_BETTER -> "better by " + scale.size(metric.getDifference(), metric.getMetric());
            case VERDICT_WORSE -> "worse by " + scale.size(metric.getDifference(), metric.getMetric());
            case VERDICT_NO_DIFFERENCE ->
                metric.getDetectableDifference() > 0
                        ? "no difference detectable above "
                                + scale.size(metric.getDetectableDifference(), metric.getMetric())
                        : "no difference";
            case VERDICT_UNSPECIFIED, UNRECOGNIZED -> "not tested";
        };
    }

    private static String shortVerdict(MetricComparison metric) {
        return switch (metric.getVerdict()) {
            case VERDICT_BETTER -> "better";
            case VERDICT_WORSE -> "worse";
            case VERDICT_NO_DIFFERENCE -> "no difference";
            case VERDICT_UNSPECIFIED, UNRECOGNIZED -> "-";
        };
    }

    /** {@code [-0.0120, +0.0240]}. */
    public static String interval(MetricComparison metric) {
        MetricScale scale = MetricScale.of(metric.getMetric());
        return "[" + scale.signed(metric.getLower()) + ", " + scale.signed(metric.getUpper()) + "]";
    }

    /** A p-value with four digits; {@code -} where the test is undefined. */
    public static String pValue(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        return value < MIN_P ? "<" + Format.fixed(MIN_P, P_DIGITS) : Format.fixed(value, P_DIGITS);
    }
}
