package io.rootstock.cli.score;

import io.rootstock.cli.error.CliException;
import io.rootstock.evaluation.metric.WeightedRows;
import io.rootstock.evaluation.metric.classes.ClassMetric;
import io.rootstock.evaluation.metric.classes.ClassRows;
import io.rootstock.evaluation.metric.text.TextCorpus;
import io.rootstock.evaluation.metric.text.TextMetric;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Collects rows for one metric. */
sealed interface MetricRows {
    void add(ScoredRow row);

    /** The rows, for the metric's value and its bootstrap. */
    WeightedRows rows();

    /** Settings that make values comparable. */
    String signature();

    /** BLEU or chrF of all rows as one corpus. */
    final class Texts implements MetricRows {
        private final TextMetric metric;
        private final TextCorpus corpus;
        private final List<double[]> statistics = new ArrayList<>();

        Texts(TextMetric metric) {
            this.metric = metric;
            this.corpus = new TextCorpus(metric);
        }

        @Override
        public void add(ScoredRow row) {
            statistics.add(corpus.add(row.prediction(), row.references()));
        }

        @Override
        public WeightedRows rows() {
            return WeightedRows.of(metric, statistics);
        }

        @Override
        public String signature() {
            return corpus.signature();
        }
    }

    /** Mean of a score of each row. */
    final class Means implements MetricRows {
        private final ToDoubleFunction<ScoredRow> score;
        private final String settings;
        private final DoubleStream.Builder values = DoubleStream.builder();
        private int references;

        /**
         * @param score score of a row; an IllegalArgumentException names a limit
         * @param settings signature without the number of references
         */
        Means(ToDoubleFunction<ScoredRow> score, String settings) {
            this.score = score;
            this.settings = settings;
        }

        @Override
        public void add(ScoredRow row) {
            int count = row.references().size();
            references = references == 0 || references == count ? count : -1;
            try {
                values.add(score.applyAsDouble(row));
            } catch (IllegalArgumentException e) {
                throw row.error(e.getMessage(), "shorten the text, or omit the metric");
            }
        }

        @Override
        public WeightedRows rows() {
            return WeightedRows.mean(values.build().toArray());
        }

        @Override
        public String signature() {
            return "nrefs:" + (references < 0 ? "var" : references) + "|" + settings;
        }
    }

    /** Macro F1 of labels. */
    final class Labels implements MetricRows {
        private static final int MAX_LABELS = 500;

        private final Map<String, Integer> ids = new HashMap<>();
        private final IntStream.Builder expected = IntStream.builder();
        private final IntStream.Builder predicted = IntStream.builder();

        @Override
        public void add(ScoredRow row) {
            if (row.references().size() != 1) {
                throw row.error(
                        "macro-f1 needs one reference, the row has "
                                + row.references().size(),
                        "write one label");
            }
            expected.add(id(row.references().getFirst()));
            predicted.add(id(row.prediction()));
        }

        private int id(String label) {
            int id = ids.computeIfAbsent(label, _ -> ids.size());
            if (id >= MAX_LABELS) {
                throw new CliException(
                        "macro-f1: the rows have more than " + MAX_LABELS + " different labels",
                        "name the fields of the labels with --reference-field and --prediction-field");
            }
            return id;
        }

        @Override
        public WeightedRows rows() {
            return new ClassRows(
                    ClassMetric.MACRO_F1,
                    ids.size(),
                    expected.build().toArray(),
                    predicted.build().toArray());
        }

        @Override
        public String signature() {
            return "classes:" + ids.size();
        }
    }
}
