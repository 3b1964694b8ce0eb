package io.rootstock.bench.emergence;

import io.rootstock.evaluation.baseline.LinearClassifier;
import io.rootstock.evaluation.metric.text.AnswerMatch;
import io.rootstock.evaluation.metric.text.Chrf;
import io.rootstock.evaluation.metric.text.Rouge;
import io.rootstock.evaluation.metric.text.RougeVariant;
import io.rootstock.evaluation.metric.text.TextCorpus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.zip.Deflater;

/** Baselines on the rows of the suite. */
final class Baselines {
    /** Published accuracy of a 5-gram model on the whole of BLiMP (Warstadt et al. 2020). */
    private static final double FIVE_GRAMS = 0.612;

    private static final int ANSWER_WORDS = 3;
    private static final int CLASSES = 2;

    private Baselines() {}

    /** Computes the baselines; a measure without one has no entry. */
    static Map<Measure, Baseline> of(SuiteRows rows) throws IOException {
        Map<Measure, Baseline> baselines = new EnumMap<>(Measure.class);
        baselines.put(Measure.BITS_PER_BYTE, new Baseline("Deflate", deflated(rows.heldOut())));
        baselines.put(Measure.BLIMP, new Baseline("5-gram model", FIVE_GRAMS));
        LinearClassifier linear = LinearClassifier.train(SuiteRows.trainingSentences(), CLASSES, 1);
        baselines.put(
                Measure.SENTIMENT_ACCURACY,
                new Baseline(
                        "linear model",
                        mean(rows.sentences(), row -> linear.classify(row.text()) == row.label() ? 1 : 0)));
        TextCorpus copies = new TextCorpus(Chrf.DEFAULT);
        rows.captions().forEach(row -> copies.add(row.text(), row.references()));
        baselines.put(Measure.TRANSLATION, new Baseline("copied source", copies.score()));
        Rouge rouge = new Rouge(new RougeVariant.LongestSubsequence(), false);
        baselines.put(
                Measure.SUMMARIES,
                new Baseline(
                        "first sentence",
                        mean(
                                rows.summaries(),
                                row -> rouge.score(firstSentence(row.text()), row.references())
                                        .f1())));
        baselines.put(
                Measure.ANSWERS,
                new Baseline(
                        "first three words",
                        mean(
                                rows.questions(),
                                row -> AnswerMatch.of(firstWords(row.text()), row.references())
                                        .f1())));
        return baselines;
    }

    /** Bits per byte of the documents after Deflate, the whole as one stream. */
    private static double deflated(List<String> documents) {
        byte[] text = String.join("\n\n", documents).getBytes(StandardCharsets.UTF_8);
        try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true)) {
            deflater.setInput(text);
            deflater.finish();
            byte[] buffer = new byte[1 << 16];
            while (!deflater.finished()) {
                deflater.deflate(buffer);
            }
            return 8.0 * deflater.getBytesWritten() / text.length;
        }
    }

    private static String firstSentence(String text) {
        String line = text.strip().split("\n", 2)[0];
        int end = line.indexOf(". ");
        return end < 0 ? line : line.substring(0, end + 1);
    }

    private static String firstWords(String text) {
        String[] words = text.strip().split("\\s+", -1);
        return String.join(" ", List.of(words).subList(0, Math.min(ANSWER_WORDS, words.length)));
    }

    private static <T> double mean(List<T> rows, ToDoubleFunction<T> value) {
        return rows.stream().mapToDouble(value).average().orElseThrow();
    }
}
