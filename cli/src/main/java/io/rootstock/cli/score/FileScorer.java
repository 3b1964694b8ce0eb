package io.rootstock.cli.score;

import io.rootstock.evaluation.metric.WeightedRows;
import io.rootstock.evaluation.statistic.Bootstrap;
import io.rootstock.evaluation.statistic.Estimate;
import io.rootstock.evaluation.statistic.Interval;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** Computes metrics of files with their bootstrap errors. */
public final class FileScorer {
    private final List<FileMetric> metrics;
    private final IntFunction<Bootstrap> bootstrap;
    private final Consumer<String> progress;

    /**
     * @param metrics metrics to compute; empty only for row records
     * @param bootstrap bootstrap for a number of rows
     * @param progress receives the name of each metric before its bootstrap
     */
    public FileScorer(List<FileMetric> metrics, IntFunction<Bootstrap> bootstrap, Consumer<String> progress) {
        this.metrics = List.copyOf(metrics);
        this.bootstrap = bootstrap;
        this.progress = progress;
    }

    /**
     * Scores a .jsonl, .json, .csv or .tsv file by fields.
     *
     * @throws io.rootstock.yaml.InvalidFileException with file and line of the first malformed row
     */
    public List<FileScore> fields(Path file, String referenceField, String predictionField) {
        return scores("", OutputRows.ofFields(file, referenceField, predictionField));
    }

    /** Scores a file with one output per line. */
    public List<FileScore> lines(Path file, List<Path> referenceFiles) {
        return scores("", OutputRows.ofLines(file, referenceFiles));
    }

    /** Scores row records: by the metrics if there are any, else by the metrics that the records have. */
    public List<FileScore> records(Path file) {
        List<FileScore> scores = new ArrayList<>();
        if (metrics.isEmpty()) {
            RecordFile.stored(file)
                    .forEach((task, stored) -> stored.forEach(
                            metric -> scores.add(estimate(task, metric.name(), metric.rows(), metric.signature()))));
        } else {
            RecordFile.outputs(file).forEach((task, rows) -> scores.addAll(scores(task, rows)));
        }
        return scores;
    }

    private List<FileScore> scores(String task, List<ScoredRow> rows) {
        Map<FileMetric, MetricRows> collected = new LinkedHashMap<>();
        metrics.forEach(metric -> collected.computeIfAbsent(metric, FileMetric::rows));
        List<FileScore> scores = new ArrayList<>();
        collected.forEach((metric, metricRows) -> {
            rows.forEach(metricRows::add);
            scores.add(estimate(task, metric.label(), metricRows.rows(), metricRows.signature()));
        });
        return scores;
    }

    private FileScore estimate(String task, String metric, WeightedRows rows, String signature) {
        progress.accept(task.isEmpty() ? metric : task + " " + metric);
        Estimate estimate;
        try {
            estimate = bootstrap.apply(rows.rows()).estimate(rows);
        } catch (IllegalArgumentException undefined) {
            estimate = new Estimate(rows.score(), Double.NaN, new Interval(Double.NaN, Double.NaN), 0);
        }
        return new FileScore(task, metric, estimate, rows.rows(), signature);
    }
}
