package io.rootstock.cli.evaluation;

import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Table;
import io.rootstock.cli.display.VisibleText;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.MetricResult;
import io.rootstock.evaluation.v1.TaskResult;
import java.util.List;

/** Results of tasks: a row for each metric. */
public final class ResultTable {
    private ResultTable() {}

    /** Prints the prompt format of an evaluation unless it is text, its results, and the rows found in training data. */
    public static void print(Console console, Evaluation evaluation) {
        String format = PromptFormats.of(evaluation);
        if (!format.equals(PromptFormats.TEXT)) {
            console.print("prompts: " + format);
        }
        printTables(console, evaluation);
    }

    /** Prints the results of an evaluation, and the rows found in training data. */
    static void printTables(Console console, Evaluation evaluation) {
        of(evaluation.getResultsList()).print(console);
        new ContaminationText(evaluation.getResultsList()).print(console);
    }

    /** Value, half of the interval of 95 %, value of random answers, number of rows and of near ties. */
    public static Table of(List<TaskResult> results) {
        Table table = new Table("task", "metric", "value", "±", "chance", "n", "near ties");
        for (TaskResult task : results) {
            for (MetricResult metric : task.getMetricsList()) {
                MetricScale scale = MetricScale.of(metric.getMetric());
                table.row(
                        VisibleText.of(task.getTask()),
                        metric.getMetric(),
                        scale.value(metric.getValue()),
                        scale.value(halfInterval(metric)),
                        metric.hasChance() ? scale.value(metric.getChance()) : "-",
                        task.getRows(),
                        task.getNearTies());
            }
        }
        return table;
    }

    /** A finished task with its metrics in one line. */
    public static String line(TaskResult result) {
        StringBuilder line =
                new StringBuilder(result.getTask()).append("  ").append(Format.counted(result.getRows(), "row"));
        result.getMetricsList().forEach(metric -> line.append("  ").append(line(metric)));
        if (result.hasContamination()) {
            line.append("  ")
                    .append(Format.counted(result.getContamination().getFlaggedRows(), "row"))
                    .append(" in training data");
        }
        return line.toString();
    }

    /** A metric in one line: {@code acc 0.5120 ± 0.0180}. */
    public static String line(MetricResult metric) {
        MetricScale scale = MetricScale.of(metric.getMetric());
        double half = halfInterval(metric);
        return metric.getMetric() + " " + scale.value(metric.getValue())
                + (Double.isNaN(half) ? "" : " ± " + scale.value(half));
    }

    private static double halfInterval(MetricResult metric) {
        return (metric.getUpper() - metric.getLower()) / 2;
    }
}
