package io.rootstock.bench.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.evaluation.metric.classes.BrierScore;
import io.rootstock.evaluation.metric.classes.Calibration;
import io.rootstock.evaluation.metric.classes.ConfusionMatrix;
import io.rootstock.evaluation.metric.classes.RocAuc;
import io.rootstock.evaluation.metric.likelihood.Likelihood;
import io.rootstock.evaluation.metric.likelihood.LikelihoodMetric;
import java.util.function.IntToDoubleFunction;

/** Values of the metrics of classes, probabilities and likelihoods. */
final class ClassCases {
    private ClassCases() {}

    static Values classes(JsonNode options, JsonNode input) {
        int classes = options.path("classes").intValue();
        int[] labels = Inputs.integers(input.path("labels"));
        int[] predicted = Inputs.integers(input.path("predicted"));
        ConfusionMatrix matrix = new ConfusionMatrix(classes);
        for (int row = 0; row < labels.length; row++) {
            matrix.add(labels[row], predicted[row]);
        }
        Values.Collector values = new Values.Collector();
        values.add(matrix.accuracy());
        values.add(matrix.macroF1());
        values.add(matrix.microF1());
        values.add(matrix.weightedF1());
        values.add(matrix.matthewsCorrelation());
        addEach(values, classes, matrix::precision);
        addEach(values, classes, matrix::recall);
        addEach(values, classes, matrix::f1);
        addEach(values, classes, matrix::actual);
        for (int label = 0; label < classes; label++) {
            int row = label;
            addEach(values, classes, column -> matrix.count(row, column));
        }
        return values.done();
    }

    private static void addEach(Values.Collector values, int classes, IntToDoubleFunction metric) {
        for (int label = 0; label < classes; label++) {
            values.add(metric.applyAsDouble(label));
        }
    }

    /** Class 1 is the positive one of the two-class metrics. */
    static Values probabilities(JsonNode options, JsonNode input) {
        int[] labels = Inputs.integers(input.path("labels"));
        double[][] probabilities =
                Inputs.list(input.path("probabilities"), Inputs::numbers).toArray(double[][]::new);
        double[] scores = new double[labels.length];
        boolean[] positive = new boolean[labels.length];
        for (int row = 0; row < labels.length; row++) {
            scores[row] = probabilities[row][1];
            positive[row] = labels[row] == 1;
        }
        Values.Collector values = new Values.Collector();
        values.add(new RocAuc(scores, positive).score());
        values.add(RocAuc.oneVersusRest(probabilities, labels, false));
        values.add(RocAuc.oneVersusRest(probabilities, labels, true));
        values.add(BrierScore.binary(scores, positive));
        values.add(BrierScore.multiclass(probabilities, labels));
        Calibration calibration =
                Calibration.of(scores, positive, options.path("bins").intValue());
        values.add(calibration.expectedError());
        values.add(calibration.maximumError());
        calibration.bins().forEach(bin -> values.add((double) bin.rows()));
        calibration.bins().forEach(bin -> values.add(bin.probability()));
        calibration.bins().forEach(bin -> values.add(bin.observed()));
        return values.done();
    }

    static Values likelihood(JsonNode input) {
        Likelihood sum = new Likelihood(0, 0, 0);
        for (JsonNode row : input) {
            sum = sum.plus(new Likelihood(
                    row.path("nats").doubleValue(),
                    row.path("tokens").longValue(),
                    row.path("bytes").longValue()));
        }
        return Values.of(
                LikelihoodMetric.PERPLEXITY.of(sum),
                LikelihoodMetric.NATS_PER_TOKEN.of(sum),
                LikelihoodMetric.BITS_PER_BYTE.of(sum));
    }
}
