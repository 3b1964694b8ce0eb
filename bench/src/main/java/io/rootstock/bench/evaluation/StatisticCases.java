package io.rootstock.bench.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.evaluation.metric.WeightedRows;
import io.rootstock.evaluation.metric.classes.ClassMetric;
import io.rootstock.evaluation.metric.classes.ClassRows;
import io.rootstock.evaluation.metric.classes.RocAuc;
import io.rootstock.evaluation.metric.likelihood.Likelihood;
import io.rootstock.evaluation.metric.likelihood.LikelihoodMetric;
import io.rootstock.evaluation.metric.text.Bleu;
import io.rootstock.evaluation.metric.text.Chrf;
import io.rootstock.evaluation.metric.text.TextMetric;
import io.rootstock.evaluation.statistic.Bootstrap;
import io.rootstock.evaluation.statistic.DetectableEffect;
import io.rootstock.evaluation.statistic.Estimate;
import io.rootstock.evaluation.statistic.Holm;
import io.rootstock.evaluation.statistic.Interval;
import io.rootstock.evaluation.statistic.McNemar;
import io.rootstock.evaluation.statistic.MeanEstimate;
import io.rootstock.evaluation.statistic.PairedDifference;
import io.rootstock.evaluation.statistic.Proportion;
import io.rootstock.evaluation.statistic.Resampling;
import java.util.ArrayList;
import java.util.List;

/** Values of intervals, tests and bootstrap comparisons. */
final class StatisticCases {
    private static final int CLASSES = 4;

    private StatisticCases() {}

    static Values mcNemar(JsonNode input) {
        return Values.of(
                McNemar.of(input.get(0).longValue(), input.get(1).longValue()).pValue());
    }

    static Values proportion(JsonNode options, JsonNode input) {
        double confidence = options.path("confidence").doubleValue();
        Proportion proportion =
                new Proportion(input.get(0).longValue(), input.get(1).longValue());
        Interval wilson = proportion.wilson(confidence);
        Interval normal = proportion.normal(confidence);
        return Values.of(wilson.low(), wilson.high(), normal.low(), normal.high());
    }

    static Values mean(JsonNode options, JsonNode input) {
        MeanEstimate estimate = MeanEstimate.of(Inputs.numbers(input));
        Interval interval = estimate.interval(options.path("confidence").doubleValue());
        return Values.of(estimate.mean(), estimate.standardError(), interval.low(), interval.high());
    }

    static Values holm(JsonNode input) {
        return Values.of(Holm.adjust(Inputs.numbers(input)));
    }

    static Values effect(JsonNode options, JsonNode input) {
        DetectableEffect effect = new DetectableEffect(
                options.path("level").doubleValue(), options.path("power").doubleValue());
        double error = input.get(0).doubleValue();
        return Values.of(
                effect.of(error),
                effect.powerAt(input.get(1).doubleValue(), error),
                effect.ofShares(input.get(2).longValue(), input.get(3).doubleValue()));
    }

    static Values bootstrap(JsonNode options, JsonNode input) {
        Bootstrap bootstrap = new Bootstrap(
                options.path("resamples").intValue(),
                options.path("seed").longValue(),
                options.path("confidence").doubleValue());
        String metric = options.path("metric").textValue();
        PairedDifference compared = bootstrap.compare(
                rows(metric, input, "first"),
                rows(metric, input, "second"),
                Resampling.clusters(Inputs.integers(options.path("clusters"))));
        Estimate difference = compared.difference();
        return Values.of(
                compared.first(),
                compared.second(),
                difference.value(),
                difference.standardError(),
                difference.interval().low(),
                difference.interval().high(),
                compared.pValue(),
                difference.resamples());
    }

    private static WeightedRows rows(String metric, JsonNode input, String system) {
        return switch (metric) {
            case "bleu" -> texts(Bleu.DEFAULT, input, system);
            case "chrf" -> texts(Chrf.PLUS_PLUS, input, system);
            case "macro F1" ->
                new ClassRows(
                        ClassMetric.MACRO_F1,
                        CLASSES,
                        Inputs.integers(input.path("labels")),
                        Inputs.integers(input.path(system)));
            case "ROC area" -> new RocAuc(Inputs.numbers(input.path(system)), Inputs.flags(input.path("positive")));
            case "bits per byte" -> likelihoods(input, system);
            case "mean" -> WeightedRows.mean(Inputs.numbers(input.path(system)));
            default -> throw new IllegalArgumentException("unknown metric " + metric);
        };
    }

    private static WeightedRows texts(TextMetric metric, JsonNode input, String system) {
        List<double[]> rows = new ArrayList<>();
        for (int row = 0; row < input.path(system).size(); row++) {
            rows.add(metric.statistics(
                    input.path(system).get(row).textValue(),
                    Inputs.texts(input.path("references").get(row))));
        }
        return WeightedRows.of(metric, rows);
    }

    private static WeightedRows likelihoods(JsonNode input, String system) {
        List<double[]> rows = new ArrayList<>();
        for (int row = 0; row < input.path(system).size(); row++) {
            double nats = input.path(system).get(row).doubleValue();
            rows.add(new Likelihood(nats, 1, input.path("bytes").get(row).longValue()).statistics());
        }
        return WeightedRows.of(LikelihoodMetric.BITS_PER_BYTE, rows);
    }
}
