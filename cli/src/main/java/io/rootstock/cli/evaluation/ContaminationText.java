package io.rootstock.cli.evaluation;

import io.rootstock.cli.client.Names;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Table;
import io.rootstock.cli.display.VisibleText;
import io.rootstock.evaluation.v1.Contamination;
import io.rootstock.evaluation.v1.MetricResult;
import io.rootstock.evaluation.v1.SearchedData;
import io.rootstock.evaluation.v1.TaskResult;
import io.rootstock.evaluation.v1.TrainingData;
import io.rootstock.evaluation.v1.UnsearchedData;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Rows that were found in training data: a table with the metrics without them, and a sentence for each dataset. */
public final class ContaminationText {
    /** Titles of the columns. */
    public static final List<String> TITLES =
            List.of("task", "checked", "flagged", "unchecked", "metric", "all rows", "without flagged");

    private final List<TaskResult> tasks;

    public ContaminationText(List<TaskResult> results) {
        tasks = results.stream().filter(TaskResult::hasContamination).toList();
    }

    /** Whether the evaluation was not checked. */
    public boolean isEmpty() {
        return tasks.isEmpty();
    }

    /** Prints the table and the sentences, if the evaluation was checked. */
    public void print(Console console) {
        if (isEmpty()) {
            return;
        }
        console.print("");
        Table table = new Table(TITLES.toArray(String[]::new));
        rows().forEach(row -> table.row(row.toArray()));
        table.print(console);
        console.print("");
        sentences().forEach(sentence -> console.print("  " + sentence));
    }

    /** Counts of each task, and each metric over all rows and without the flagged ones. */
    public List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        for (TaskResult task : tasks) {
            Contamination found = task.getContamination();
            for (int i = 0; i < task.getMetricsCount(); i++) {
                MetricResult metric = task.getMetrics(i);
                MetricScale scale = MetricScale.of(metric.getMetric());
                rows.add(List.of(
                        VisibleText.of(task.getTask()),
                        Long.toString(found.getCheckedRows()),
                        Long.toString(found.getFlaggedRows()),
                        Long.toString(found.getUncheckedRows()),
                        metric.getMetric(),
                        scale.value(metric.getValue()),
                        i < found.getMetricsCount()
                                ? scale.value(found.getMetrics(i).getValue())
                                : "-"));
            }
        }
        return rows;
    }

    /** The training data that was searched, and what was not, with the reason. */
    public List<String> sentences() {
        Set<String> sentences = new LinkedHashSet<>();
        for (TaskResult task : tasks) {
            for (SearchedData searched : task.getContamination().getSearchedList()) {
                sentences.add("searched: %s: %s, %s tokens"
                        .formatted(
                                label(searched.getData()),
                                Format.counted(searched.getDocuments(), "document"),
                                Format.count(searched.getTokens())));
            }
        }
        for (TaskResult task : tasks) {
            for (UnsearchedData unsearched : task.getContamination().getUnsearchedList()) {
                sentences.add(
                        "not searched: " + label(unsearched.getData()) + ": " + VisibleText.of(unsearched.getReason()));
            }
        }
        return List.copyOf(sentences);
    }

    private static String label(TrainingData data) {
        return (data.getDataset().isEmpty() ? "" : data.getDataset() + " of ") + Names.brief(data.getVersion());
    }
}
