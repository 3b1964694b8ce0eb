package io.rootstock.registry.evaluation;

import io.rootstock.evaluation.v1.Contamination;
import io.rootstock.evaluation.v1.EvaluationProgress;
import io.rootstock.evaluation.v1.EvaluationSuccess;
import io.rootstock.evaluation.v1.MetricResult;
import io.rootstock.evaluation.v1.TaskResult;
import io.rootstock.service.Errors;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks the fields of an evaluator's reports; INVALID_ARGUMENT names an invalid field. */
final class ReportCheck {
    private static final int MAX_NAME_LENGTH = 255;
    private static final int MAX_SIGNATURE_LENGTH = 1000;
    private static final int MAX_METRICS = 100;
    /** Bytes of the results of an evaluation; clients accept messages of 4 MiB by default. */
    private static final int MAX_BYTES = 2 << 20;

    private ReportCheck() {}

    static void progress(EvaluationProgress progress) {
        if (progress.getRows() < 0 || progress.getTotalRows() < 0) {
            throw Errors.invalidArgument(
                    "progress.rows",
                    "must be at least 0, was " + progress.getRows() + " of " + progress.getTotalRows());
        }
        requireShort(progress.getTask(), MAX_NAME_LENGTH, "progress.task");
        if (progress.getSearch().getBytesRead() < 0 || progress.getSearch().getTotalBytes() < 0) {
            throw Errors.invalidArgument(
                    "progress.search.bytes_read",
                    "must be at least 0, was " + progress.getSearch().getBytesRead() + " of "
                            + progress.getSearch().getTotalBytes());
        }
        requireShort(progress.getSearch().getDataset(), MAX_NAME_LENGTH, "progress.search.dataset");
        if (progress.hasRunning()) {
            metric(progress.getRunning(), "progress.running");
        }
    }

    /**
     * Checks the results of distinct tasks.
     *
     * @param field path of the list
     */
    static void results(List<TaskResult> results, String field) {
        Set<String> tasks = new HashSet<>();
        long bytes = 0;
        for (int i = 0; i < results.size(); i++) {
            TaskResult result = results.get(i);
            String path = field + "[" + i + "]";
            if (!tasks.add(result.getTask())) {
                throw Errors.invalidArgument(path + ".task", "duplicate task '" + result.getTask() + "'");
            }
            if (result.getRows() < 1 || result.getNearTies() < 0 || result.getNearTies() > result.getRows()) {
                throw Errors.invalidArgument(
                        path + ".rows",
                        "must be at least 1 and at least near_ties, was " + result.getRows() + " with "
                                + result.getNearTies() + " near ties");
            }
            if (result.getMetricsCount() < 1 || result.getMetricsCount() > MAX_METRICS) {
                throw Errors.invalidArgument(
                        path + ".metrics", "must be 1 to " + MAX_METRICS + ", were " + result.getMetricsCount());
            }
            for (int metric = 0; metric < result.getMetricsCount(); metric++) {
                metric(result.getMetrics(metric), path + ".metrics[" + metric + "]");
            }
            if (result.hasContamination()) {
                contamination(result, path + ".contamination");
            }
            bytes += result.getSerializedSize();
        }
        if (bytes > MAX_BYTES) {
            throw Errors.invalidArgument(field, "must be at most " + MAX_BYTES + " bytes together, were " + bytes);
        }
    }

    static void success(EvaluationSuccess success) {
        results(success.getResultsList(), "success.results");
        requireShort(success.getEngine(), MAX_NAME_LENGTH, "success.engine");
    }

    static void evaluator(String name) {
        requireShort(name, MAX_NAME_LENGTH, "evaluator");
        if (name.isBlank()) {
            throw Errors.invalidArgument("evaluator", "must not be blank");
        }
    }

    private static void metric(MetricResult metric, String path) {
        requireShort(metric.getMetric(), MAX_NAME_LENGTH, path + ".metric");
        requireShort(metric.getSignature(), MAX_SIGNATURE_LENGTH, path + ".signature");
        if (metric.getMetric().isBlank()) {
            throw Errors.invalidArgument(path + ".metric", "must not be blank");
        }
    }

    private static void contamination(TaskResult result, String path) {
        Contamination found = result.getContamination();
        if (found.getFlaggedRows() < 0
                || found.getFlaggedRows() > found.getCheckedRows()
                || found.getUncheckedRows() < 0
                || found.getCheckedRows() + found.getUncheckedRows() != result.getRows()) {
            throw Errors.invalidArgument(
                    path + ".checked_rows",
                    "must be at least flagged_rows, and the task's rows without unchecked_rows, was "
                            + found.getCheckedRows() + " with " + found.getFlaggedRows() + " flagged, "
                            + found.getUncheckedRows() + " unchecked of " + result.getRows());
        }
        if (found.getMetricsCount() > MAX_METRICS) {
            throw Errors.invalidArgument(
                    path + ".metrics", "must be at most " + MAX_METRICS + ", were " + found.getMetricsCount());
        }
        for (int metric = 0; metric < found.getMetricsCount(); metric++) {
            metric(found.getMetrics(metric), path + ".metrics[" + metric + "]");
        }
    }

    private static void requireShort(String text, int longest, String field) {
        if (text.length() > longest) {
            throw Errors.invalidArgument(field, "must be at most " + longest + " characters, has " + text.length());
        }
    }
}
