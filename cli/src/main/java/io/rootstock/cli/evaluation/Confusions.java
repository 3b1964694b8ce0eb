package io.rootstock.cli.evaluation;

import io.rootstock.cli.client.Clients;
import io.rootstock.evaluation.result.Confusion;
import io.rootstock.evaluation.task.Metric;
import io.rootstock.evaluation.task.score.RowRecord;
import io.rootstock.evaluation.task.score.RowRecords;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.MetricResult;
import io.rootstock.evaluation.v1.ReadEvaluationRowsRequest;
import io.rootstock.evaluation.v1.TaskResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Confusion matrices of a succeeded evaluation, from its row records. */
public final class Confusions {
    private static final Set<String> METRICS = Set.of(Metric.MACRO_F1.key(), Metric.MCC.key());

    private Confusions() {}

    /** Reads the rows of the tasks that have a metric of predicted classes, and returns the matrix of each. */
    public static List<Confusion> read(Clients clients, Evaluation evaluation) {
        Map<String, Confusion> tasks = new LinkedHashMap<>();
        evaluation.getResultsList().stream()
                .filter(Confusions::hasClasses)
                .map(TaskResult::getTask)
                .forEach(task -> tasks.put(task, new Confusion(task)));
        if (tasks.isEmpty() || !EvaluationDetails.isSucceeded(evaluation)) {
            return List.of();
        }
        EvaluationRows lines = new EvaluationRows(
                clients,
                ReadEvaluationRowsRequest.newBuilder()
                        .setName(evaluation.getName())
                        .addAllTasks(tasks.keySet())
                        .build());
        for (long line = 1; lines.hasNext(); line++) {
            RowRecord row = RowRecords.fromJson(lines.next(), evaluation.getName(), line);
            tasks.get(row.task()).add(row);
        }
        return List.copyOf(tasks.values());
    }

    private static boolean hasClasses(TaskResult result) {
        return result.getMetricsList().stream().map(MetricResult::getMetric).anyMatch(METRICS::contains);
    }

    /** A matrix as JSON: task, classes, and rows by correct and by predicted class. */
    public static Map<String, Object> json(Confusion confusion) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("task", confusion.task());
        json.put("classes", confusion.classes());
        json.put("confusion", confusion.counts());
        return json;
    }
}
