package io.rootstock.trainer.worker;

import io.rootstock.evaluation.baseline.NearestText;
import io.rootstock.evaluation.metric.text.Bleu;
import io.rootstock.evaluation.metric.text.Chrf;
import io.rootstock.evaluation.metric.text.TextCorpus;
import io.rootstock.trainer.data.Corpus;
import io.rootstock.trainer.data.RowTexts;
import io.rootstock.trainer.export.Sample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Quality of generated answers compared with the nearest-neighbour baseline: the answer of the training row whose prompt
 * is nearest (cosine of hashed n-grams).
 *
 * @param rows number of answers
 * @param answers chrF++ and BLEU of the generated answers
 * @param nearest chrF++ and BLEU of the training answers
 */
record AnswerQuality(int rows, Score answers, Score nearest) {
    /**
     * Scores of texts, 0 to 100.
     *
     * @param chrf chrF++
     */
    record Score(double chrf, double bleu) {
        static Score of(List<String> texts, List<String> references) {
            TextCorpus chrf = new TextCorpus(Chrf.PLUS_PLUS);
            TextCorpus bleu = new TextCorpus(Bleu.DEFAULT);
            for (int i = 0; i < texts.size(); i++) {
                chrf.add(texts.get(i), references.get(i));
                bleu.add(texts.get(i), references.get(i));
            }
            return new Score(chrf.score(), bleu.score());
        }

        private String description() {
            return String.format(Locale.ROOT, "chrF++ %.1f, BLEU %.1f", chrf, bleu);
        }
    }

    /**
     * Compares answers with their references.
     *
     * @param train training split, not empty
     * @param sample instruction rows
     * @param answers token ids of the generated answers to the first rows of the sample
     */
    static AnswerQuality of(RowTexts texts, Corpus train, Sample sample, List<int[]> answers) {
        List<Sample.Row> rows = sample.rows().subList(0, answers.size());
        List<String> references =
                rows.stream().map(row -> texts.text(row.answer())).toList();
        List<String> generated = answers.stream().map(texts::text).toList();
        return new AnswerQuality(
                rows.size(), Score.of(generated, references), Score.of(nearestAnswers(texts, train, rows), references));
    }

    private static List<String> nearestAnswers(RowTexts texts, Corpus train, List<Sample.Row> rows) {
        NearestText search = new NearestText(
                rows.stream().map(row -> texts.text(row.prompt())).toList());
        List<String> trainingAnswers = new ArrayList<>();
        texts.answered(train, train.rowsOf(RowTexts.BASELINE_TOKENS)).forEach(row -> {
            search.add(row.prompt());
            trainingAnswers.add(row.answer());
        });
        List<String> nearest = new ArrayList<>();
        for (int row : search.nearest()) {
            nearest.add(trainingAnswers.get(row));
        }
        return nearest;
    }

    Map<String, Double> metrics() {
        Map<String, Double> metrics = new HashMap<>();
        metrics.put("answer_rows", (double) rows);
        metrics.put("chrf_plus_plus", answers.chrf());
        metrics.put("bleu", answers.bleu());
        metrics.put("nearest_chrf_plus_plus", nearest.chrf());
        metrics.put("nearest_bleu", nearest.bleu());
        return metrics;
    }

    /** Describes the scores for users. */
    String description() {
        return "answers to %d validation prompts (greedy): %s; nearest-neighbour baseline: %s"
                .formatted(rows, answers.description(), nearest.description());
    }
}
