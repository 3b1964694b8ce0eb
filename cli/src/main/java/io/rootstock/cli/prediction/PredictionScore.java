package io.rootstock.cli.prediction;

import io.rootstock.cli.error.CliException;
import io.rootstock.evaluation.metric.classes.ConfusionMatrix;
import io.rootstock.evaluation.metric.text.Bleu;
import io.rootstock.evaluation.metric.text.Chrf;
import io.rootstock.evaluation.metric.text.TextCorpus;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Compares predictions with the labels or answers of the rows. */
public sealed interface PredictionScore {
    /** Adds the prediction of a row that has a label or answer. */
    void add(String predicted, String expected);

    /** Number of compared rows. */
    long rows();

    /** Metrics by name. */
    Map<String, Double> metrics();

    /** Accuracy and macro F1, 0 to 1. */
    final class Classes implements PredictionScore {
        private static final int MAX_LABELS = 2000;

        private record Pair(int expected, int predicted) {}

        private final Map<String, Integer> ids = new HashMap<>();
        private final Map<Pair, Integer> counts = new HashMap<>();
        private long rows;

        @Override
        public void add(String predicted, String expected) {
            counts.merge(new Pair(id(expected), id(predicted)), 1, Integer::sum);
            rows++;
        }

        private int id(String label) {
            Integer known = ids.get(label);
            if (known == null && ids.size() == MAX_LABELS) {
                throw new CliException(
                        "the rows have more than " + MAX_LABELS + " different labels",
                        "name the field of the label with --field label=FIELD");
            }
            return ids.computeIfAbsent(label, name -> ids.size());
        }

        @Override
        public long rows() {
            return rows;
        }

        @Override
        public Map<String, Double> metrics() {
            ConfusionMatrix matrix = new ConfusionMatrix(ids.size());
            counts.forEach((pair, count) -> matrix.add(pair.expected, pair.predicted, count));
            Map<String, Double> metrics = new LinkedHashMap<>();
            metrics.put("accuracy", matrix.accuracy());
            metrics.put("macro_f1", matrix.macroF1());
            return metrics;
        }
    }

    /** chrF++ and BLEU, 0 to 100. */
    final class Answers implements PredictionScore {
        private final TextCorpus chrf = new TextCorpus(Chrf.PLUS_PLUS);
        private final TextCorpus bleu = new TextCorpus(Bleu.DEFAULT);
        private long rows;

        @Override
        public void add(String predicted, String expected) {
            chrf.add(predicted, expected);
            bleu.add(predicted, expected);
            rows++;
        }

        @Override
        public long rows() {
            return rows;
        }

        @Override
        public Map<String, Double> metrics() {
            Map<String, Double> metrics = new LinkedHashMap<>();
            metrics.put("chrf_plus_plus", chrf.score());
            metrics.put("bleu", bleu.score());
            return metrics;
        }
    }
}
