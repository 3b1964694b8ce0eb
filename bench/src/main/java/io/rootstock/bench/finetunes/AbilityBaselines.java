package io.rootstock.bench.finetunes;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.bench.BenchmarkData;
import io.rootstock.evaluation.metric.WeightedRows;
import io.rootstock.evaluation.metric.text.Bleu;
import io.rootstock.evaluation.metric.text.Chrf;
import io.rootstock.evaluation.metric.text.Rouge;
import io.rootstock.evaluation.metric.text.RougeVariant;
import io.rootstock.evaluation.metric.text.TextMetric;
import io.rootstock.evaluation.task.request.Expected;
import io.rootstock.evaluation.task.score.RowRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Values of answers that need no language model, on the rows of an evaluation. */
final class AbilityBaselines {
    private AbilityBaselines() {}

    /** A named value. */
    record Baseline(String name, double value) {}

    /** Returns the baselines of a metric of a task of the built-in suites. */
    static List<Baseline> of(String task, String metric, List<RowRecord> rows, OptionalDouble chance)
            throws IOException {
        List<Baseline> baselines = new ArrayList<>();
        chance.ifPresent(value -> baselines.add(new Baseline("random", value)));
        switch (task) {
            case "translation_en_de" -> baselines.add(new Baseline("copy_source", score(metric, captions(), rows)));
            case "summarisation" -> baselines.add(new Baseline("first_sentence", score(metric, sentences(), rows)));
            default -> majority(rows).ifPresent(share -> baselines.add(new Baseline("majority", share)));
        }
        return baselines;
    }

    /** Share of the most frequent gold answer; empty where the choices are texts of each row. */
    private static OptionalDouble majority(List<RowRecord> rows) {
        if (!(rows.getFirst().expected()
                instanceof Expected.Choice(List<String> first, List<Integer> _, OptionalInt _))) {
            return OptionalDouble.empty();
        }
        Map<List<Integer>, Long> counts = rows.stream()
                .map(row -> (Expected.Choice) row.expected())
                .filter(choice -> choice.choices().equals(first))
                .collect(Collectors.groupingBy(Expected.Choice::gold, Collectors.counting()));
        long sameChoices = counts.values().stream().mapToLong(Long::longValue).sum();
        return sameChoices < rows.size()
                ? OptionalDouble.empty()
                : OptionalDouble.of(counts.values().stream()
                                .mapToLong(Long::longValue)
                                .max()
                                .orElseThrow()
                        / (double) rows.size());
    }

    private static double score(String metric, List<String> answers, List<RowRecord> rows) {
        Function<RowRecord, List<String>> references = row -> ((Expected.References) row.expected()).references();
        return switch (metric) {
            case "chrf" -> corpus(Chrf.DEFAULT, answers, rows, references);
            case "bleu" -> corpus(Bleu.DEFAULT, answers, rows, references);
            case "rouge_l" ->
                rows.stream()
                        .mapToDouble(row -> new Rouge(new RougeVariant.LongestSubsequence(), false)
                                .score(answers.get(row.row()), references.apply(row))
                                .f1())
                        .average()
                        .orElseThrow();
            default -> throw new IllegalArgumentException("a baseline of " + metric);
        };
    }

    private static double corpus(
            TextMetric metric,
            List<String> answers,
            List<RowRecord> rows,
            Function<RowRecord, List<String>> references) {
        return WeightedRows.of(
                        metric,
                        rows.stream()
                                .map(row -> metric.statistics(answers.get(row.row()), references.apply(row)))
                                .toList())
                .score();
    }

    private static List<String> captions() throws IOException {
        return TranslationRecipe.lines("test_2016_flickr", "en", Integer.MAX_VALUE);
    }

    /** First sentence of each document. */
    private static List<String> sentences() throws IOException {
        JsonMapper json = new JsonMapper();
        List<String> sentences = new ArrayList<>();
        for (String line : Files.readAllLines(BenchmarkData.file("evaluation/summaries/xsum-test.jsonl"))) {
            String document = json.readTree(line).required("document").asText().strip();
            BreakIterator boundaries = BreakIterator.getSentenceInstance(Locale.ENGLISH);
            boundaries.setText(document);
            boundaries.first();
            int end = boundaries.next();
            sentences.add(
                    end == BreakIterator.DONE
                            ? document
                            : document.substring(0, end).strip());
        }
        return sentences;
    }
}
