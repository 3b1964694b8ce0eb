package io.rootstock.bench.emergence;

import io.rootstock.evaluation.metric.WeightedRows;
import io.rootstock.evaluation.metric.classes.RocAuc;
import io.rootstock.evaluation.statistic.Bootstrap;
import io.rootstock.evaluation.statistic.Estimate;
import io.rootstock.evaluation.statistic.MeanEstimate;
import io.rootstock.evaluation.statistic.Resampling;
import io.rootstock.evaluation.task.request.Expected;
import io.rootstock.evaluation.task.score.Response;
import io.rootstock.evaluation.task.score.RowRecord;
import io.rootstock.evaluation.v1.MetricResult;
import io.rootstock.evaluation.v1.TaskResult;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * An evaluation of the suite.
 *
 * @param results results by task
 * @param records row records by task, in the order of the rows
 */
record Evaluated(Map<String, TaskResult> results, Map<String, List<RowRecord>> records) {
    private static final Bootstrap BOOTSTRAP = new Bootstrap(2_000, 1234, 0.95);

    Evaluated {
        results = Map.copyOf(results);
        records = Map.copyOf(records);
    }

    /** Computes the measures. */
    Map<Measure, Value> values(SuiteRows rows) {
        Map<Measure, Value> values = new EnumMap<>(Measure.class);
        values.put(Measure.BITS_PER_BYTE, metric("bits_per_byte", "bits_per_byte"));
        values.put(Measure.INDUCTION, ofSequences(differences("induction", "induction_reordered")));
        values.put(Measure.REPETITION, ofSequences(differences("induction_reordered", "induction_first")));
        values.put(Measure.INDUCTION_ACCURACY, ofSequences(scores("induction", "acc")));
        values.put(Measure.BLIMP, blimp(rows));
        values.put(Measure.SENTIMENT_AUC, sentimentAuc());
        values.put(Measure.SENTIMENT_ACCURACY, metric("sentiment", "acc_mutual_info"));
        values.put(Measure.TRANSLATION, metric("translation_en_de", "chrf"));
        values.put(Measure.TRANSLATION_LOGPROB, perToken("translation_en_de_reference"));
        values.put(Measure.TRANSLATION_GAIN, gain("translation_en_de_reference"));
        values.put(Measure.SUMMARIES, metric("summarisation", "rouge_l"));
        values.put(Measure.SUMMARIES_LOGPROB, perToken("summarisation_reference"));
        values.put(Measure.SUMMARIES_GAIN, gain("summarisation_reference"));
        values.put(Measure.ANSWERS, metric("question_answering", "squad_f1"));
        values.put(Measure.ANSWERS_LOGPROB, perToken("question_answering_reference"));
        values.put(Measure.ANSWERS_GAIN, gain("question_answering_reference"));
        return values;
    }

    /** BLiMP accuracy by group of paradigms. */
    Map<String, Double> grammar(SuiteRows rows) {
        double[] scores = scores("blimp", "acc");
        Map<String, List<Double>> groups = new TreeMap<>();
        for (int row = 0; row < scores.length; row++) {
            groups.computeIfAbsent(rows.pairs().get(row).group(), _ -> new ArrayList<>())
                    .add(scores[row]);
        }
        return means(groups);
    }

    /** Induction score by position of the word in its sequence. */
    Map<Integer, Double> positions() {
        double[] differences = differences("induction", "induction_reordered");
        Map<Integer, List<Double>> positions = new TreeMap<>();
        for (int row = 0; row < differences.length; row++) {
            positions
                    .computeIfAbsent(InductionRows.position(row), _ -> new ArrayList<>())
                    .add(differences[row]);
        }
        return means(positions);
    }

    private static <K> Map<K, Double> means(Map<K, List<Double>> values) {
        return values.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> entry.getValue().stream()
                                .mapToDouble(Double::doubleValue)
                                .average()
                                .orElseThrow()));
    }

    private Value metric(String task, String metric) {
        for (MetricResult result : results.get(task).getMetricsList()) {
            if (result.getMetric().equals(metric)) {
                return new Value(result.getValue(), result.getStandardError());
            }
        }
        throw new IllegalStateException("task " + task + " has no metric " + metric);
    }

    private double[] scores(String task, String metric) {
        return ofRows(task, row -> row.scores().get(metric).value());
    }

    private double[] ofRows(String task, ToDoubleFunction<RowRecord> value) {
        return records.get(task).stream().mapToDouble(value).toArray();
    }

    private static Response.Loglikelihood loglikelihood(RowRecord row, int response) {
        return (Response.Loglikelihood) row.responses().get(response);
    }

    /** Log-probability of each row in the first task minus the one in the second. */
    private double[] differences(String first, String second) {
        double[] differences = ofRows(first, row -> loglikelihood(row, 0).logprob());
        double[] others = ofRows(second, row -> loglikelihood(row, 0).logprob());
        for (int row = 0; row < differences.length; row++) {
            differences[row] -= others[row];
        }
        return differences;
    }

    /** Mean over sequences: the rows of a sequence depend on each other. */
    private static Value ofSequences(double[] rows) {
        double[] means = new double[rows.length / InductionRows.POSITIONS];
        for (int row = 0; row < rows.length; row++) {
            means[InductionRows.sequence(row)] += rows[row] / InductionRows.POSITIONS;
        }
        return value(MeanEstimate.of(means));
    }

    private static Value value(MeanEstimate estimate) {
        return new Value(estimate.mean(), estimate.standardError());
    }

    private static Value value(Estimate estimate) {
        return new Value(estimate.value(), estimate.standardError());
    }

    /** Paradigms are drawn as clusters: a model is often right, or wrong, on all pairs of one. */
    private Value blimp(SuiteRows rows) {
        Map<String, Integer> paradigms = new HashMap<>();
        int[] clusters = rows.pairs().stream()
                .mapToInt(pair -> paradigms.computeIfAbsent(pair.paradigm(), _ -> paradigms.size()))
                .toArray();
        return value(BOOTSTRAP.estimate(WeightedRows.mean(scores("blimp", "acc")), Resampling.clusters(clusters)));
    }

    /**
     * Area under the curve of the log-odds of "positive" after the review, minus the log-odds without review. This
     * correction is the same for all rows, so that the area does not depend on it; the accuracy does.
     */
    private Value sentimentAuc() {
        List<RowRecord> rows = records.get("sentiment");
        double[] logOdds = ofRows(
                "sentiment",
                row -> loglikelihood(row, 1).logprob()
                        - loglikelihood(row, 0).logprob()
                        - (loglikelihood(row, 3).logprob()
                                - loglikelihood(row, 2).logprob()));
        boolean[] positive = new boolean[rows.size()];
        for (int row = 0; row < positive.length; row++) {
            positive[row] = ((Expected.Choice) rows.get(row).expected()).gold().contains(1);
        }
        return value(BOOTSTRAP.estimate(new RocAuc(logOdds, positive)));
    }

    /** Mean log-probability of the references' tokens after the whole prompt. */
    private Value perToken(String task) {
        double[] logprobs = ofRows(task, row -> loglikelihood(row, 0).logprob());
        double[] tokens = ofRows(task, row -> loglikelihood(row, 0).tokens());
        return value(BOOTSTRAP.estimate(new WeightedRows() {
            @Override
            public int rows() {
                return logprobs.length;
            }

            @Override
            public double score(int[] weights) {
                double sum = 0;
                double count = 0;
                for (int row = 0; row < weights.length; row++) {
                    sum += weights[row] * logprobs[row];
                    count += weights[row] * tokens[row];
                }
                return sum / count;
            }
        }));
    }

    /** Log-probability of the reference after its own source minus the one after the source of another row. */
    private Value gain(String task) {
        return value(MeanEstimate.of(ofRows(
                task,
                row -> loglikelihood(row, 0).logprob() - loglikelihood(row, 1).logprob())));
    }
}
