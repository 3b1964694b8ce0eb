package io.rootstock.evaluation.result;

import io.rootstock.evaluation.metric.WeightedRows;
import io.rootstock.evaluation.metric.text.TextCorpus;
import io.rootstock.evaluation.metric.text.TextMetric;
import io.rootstock.evaluation.statistic.Bootstrap;
import io.rootstock.evaluation.statistic.Estimate;
import io.rootstock.evaluation.statistic.Interval;
import io.rootstock.evaluation.statistic.MeanEstimate;
import io.rootstock.evaluation.task.Metric;
import io.rootstock.evaluation.task.score.ClassPrediction;
import io.rootstock.evaluation.task.score.PredictedClasses;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** The numbers of a metric's rows, with their value and its error. */
abstract sealed class MetricRows {
    static final double CONFIDENCE = 0.95;

    /** Products of rows and resamples beyond which the bootstrap draws fewer resamples. */
    private static final long RESAMPLED_ROWS = 100_000_000;

    private static final int MIN_RESAMPLES = 1_000;
    private static final Interval UNKNOWN = new Interval(Double.NaN, Double.NaN);

    /** A value with its standard error and interval. */
    record Measure(double value, double standardError, Interval interval) {
        static Measure unknown(double value) {
            return new Measure(value, Double.NaN, UNKNOWN);
        }
    }

    /** Value of the rows so far; NaN without rows. */
    abstract double value();

    /** Value and error of the rows so far, in time proportional to the rows. */
    abstract Measure quickMeasure();

    /** Value and error of all rows. */
    abstract Measure measure();

    /** Rows whose metric is the mean of their scores. */
    static final class Mean extends MetricRows {
        private final Numbers scores = new Numbers();
        private final double most;
        private double sum;

        /**
         * @param most largest score; the least is 0
         */
        Mean(double most) {
            this.most = most;
        }

        void add(double score) {
            scores.add(score);
            sum += score;
        }

        @Override
        double value() {
            return sum / scores.size();
        }

        @Override
        Measure quickMeasure() {
            return measure();
        }

        @Override
        Measure measure() {
            if (scores.size() < 2) {
                return Measure.unknown(value());
            }
            MeanEstimate estimate = MeanEstimate.of(scores.toArray());
            Interval normal = estimate.interval(CONFIDENCE);
            return new Measure(
                    estimate.mean(),
                    estimate.standardError(),
                    new Interval(Math.max(0, normal.low()), Math.min(most, normal.high())));
        }
    }

    /** Rows whose metric is a function of the sum of their values divided by the sum of their weights. */
    static final class Ratio extends MetricRows {
        private final Numbers values = new Numbers();
        private final Numbers weights = new Numbers();
        private final DoubleUnaryOperator function;
        private double valueSum;
        private double weightSum;

        /**
         * @param function monotonic function of the ratio, such as exp(-x)
         */
        Ratio(DoubleUnaryOperator function) {
            this.function = function;
        }

        void add(double value, double weight) {
            values.add(value);
            weights.add(weight);
            valueSum += value;
            weightSum += weight;
        }

        @Override
        double value() {
            return function.applyAsDouble(valueSum / weightSum);
        }

        /** Delta method: the variance of the ratio's linear approximation. */
        @Override
        Measure quickMeasure() {
            double ratio = valueSum / weightSum;
            int rows = values.size();
            if (rows < 2 || !Double.isFinite(ratio)) {
                return Measure.unknown(value());
            }
            double squares = 0;
            for (int row = 0; row < rows; row++) {
                double rest = values.get(row) - ratio * weights.get(row);
                squares += rest * rest;
            }
            double ratioError = Math.sqrt(squares * rows / (rows - 1)) / weightSum;
            Interval interval = Interval.normal(ratio, ratioError, CONFIDENCE);
            double low = function.applyAsDouble(interval.low());
            double high = function.applyAsDouble(interval.high());
            double error =
                    Math.abs(function.applyAsDouble(ratio + ratioError) - function.applyAsDouble(ratio - ratioError))
                            / 2;
            return new Measure(value(), error, new Interval(Math.min(low, high), Math.max(low, high)));
        }

        @Override
        Measure measure() {
            double[] rowValues = values.toArray();
            double[] rowWeights = weights.toArray();
            return bootstrap(value(), new WeightedRows() {
                @Override
                public int rows() {
                    return rowValues.length;
                }

                @Override
                public double score(int[] drawn) {
                    double sum = 0;
                    double weight = 0;
                    for (int row = 0; row < drawn.length; row++) {
                        sum += drawn[row] * rowValues[row];
                        weight += drawn[row] * rowWeights[row];
                    }
                    return weight == 0 ? Double.NaN : function.applyAsDouble(sum / weight);
                }
            });
        }
    }

    /** Rows of a corpus metric of texts. */
    static final class Corpus extends MetricRows {
        private final TextMetric metric;
        private final TextCorpus corpus;
        private final List<double[]> statistics = new ArrayList<>();

        Corpus(TextMetric metric) {
            this.metric = metric;
            this.corpus = new TextCorpus(metric);
        }

        void add(String text, List<String> references) {
            statistics.add(corpus.add(text, references));
        }

        String signature() {
            return corpus.signature();
        }

        @Override
        double value() {
            return statistics.isEmpty() ? Double.NaN : corpus.score();
        }

        /** The error of a corpus metric is known from a bootstrap only. */
        @Override
        Measure quickMeasure() {
            return Measure.unknown(value());
        }

        @Override
        Measure measure() {
            return bootstrap(value(), WeightedRows.of(metric, statistics));
        }
    }

    /** Rows of a metric of classes. */
    static final class Classes extends MetricRows {
        /** Of two rows, one of each class, most resamples have one class only. */
        private static final int MIN_ROWS = 3;

        private final Metric metric;
        private final PredictedClasses rows = new PredictedClasses();

        Classes(Metric metric) {
            this.metric = metric;
        }

        void add(ClassPrediction row) {
            rows.add(row);
        }

        @Override
        double value() {
            return rows.rows() == 0 ? Double.NaN : rows.weighted(metric).score();
        }

        /** The error is known from a bootstrap only. */
        @Override
        Measure quickMeasure() {
            return Measure.unknown(value());
        }

        @Override
        Measure measure() {
            return rows.rows() < MIN_ROWS ? quickMeasure() : bootstrap(value(), rows.weighted(metric));
        }
    }

    private static Measure bootstrap(double value, WeightedRows rows) {
        if (rows.rows() < 2 || !Double.isFinite(value)) {
            return Measure.unknown(value);
        }
        long resamples = Math.clamp(RESAMPLED_ROWS / rows.rows(), MIN_RESAMPLES, (long) Bootstrap.DEFAULT.resamples());
        Estimate estimate = new Bootstrap((int) resamples, Bootstrap.DEFAULT.seed(), CONFIDENCE).estimate(rows);
        return new Measure(value, estimate.standardError(), estimate.interval());
    }
}
