package io.rootstock.bench.finetunes;

import io.rootstock.bench.BenchmarkData;
import io.rootstock.evaluation.baseline.NearestText;
import io.rootstock.evaluation.metric.WeightedRows;
import io.rootstock.evaluation.metric.text.Bleu;
import io.rootstock.evaluation.metric.text.Chrf;
import io.rootstock.evaluation.metric.text.TextMetric;
import io.rootstock.evaluation.task.score.RowRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * English captions to German, docs/guides/finetune-translation.md: the first 500 training captions of Multi30k, the
 * first 50 validation captions, the first 150 test captions. Base and fine-tune read the same conversation.
 */
final class TranslationRecipe implements Recipe {
    private static final String SUITE = "captions";
    private static final String INSTRUCTION = "Translate to German.";
    /** The conversation as the tokenizer's chat template renders it. */
    private static final String PROMPT = "<|im_start|>system\\nYou are a helpful AI assistant named SmolLM, trained by"
            + " Hugging Face<|im_end|>\\n<|im_start|>user\\n" + INSTRUCTION
            + "\\n\\n{{en}}<|im_end|>\\n<|im_start|>assistant\\n";

    private record Metric(String name, TextMetric metric) {}

    private static final List<Metric> METRICS =
            List.of(new Metric("translation_chrf", Chrf.DEFAULT), new Metric("translation_bleu", Bleu.DEFAULT));

    @Override
    public String name() {
        return "translation";
    }

    @Override
    public List<Comparison> run(Workshop workshop) throws IOException {
        int training = workshop.rows(500, 64);
        int validation = workshop.rows(50, 10);
        List<String> source = lines("test_2016_flickr", "en", workshop.rows(150, 20));
        List<String> reference = lines("test_2016_flickr", "de", source.size());
        workshop.train(
                name(),
                "instruction",
                "--parallel",
                pair(workshop, "train", training),
                "--instruction",
                INSTRUCTION,
                "--validation-parallel",
                pair(workshop, "val", validation),
                "--test-parallel",
                pair(workshop, "test_2016_flickr", source.size()));
        String suite = suite(workshop, source, reference);
        List<String> base = answers(workshop.evaluate(Workshop.BASE, suite));
        List<String> tuned = answers(workshop.evaluate(name(), suite));
        NearestText nearest = new NearestText(source);
        lines("train", "en", training).forEach(nearest::add);
        List<String> translations = lines("train", "de", training);
        List<String> neighbours =
                Arrays.stream(nearest.nearest()).mapToObj(translations::get).toList();
        List<Comparison> comparisons = new ArrayList<>();
        for (Metric metric : METRICS) {
            WeightedRows ours = rows(metric.metric, tuned, reference);
            WeightedRows copy = rows(metric.metric, source, reference);
            double neighbour = rows(metric.metric, neighbours, reference).score();
            comparisons.add(Comparison.of(metric.name, "base", rows(metric.metric, base, reference), ours)
                    .withBaseline("copy_source", copy.score())
                    .withBaseline("nearest_caption", neighbour));
            comparisons.add(Comparison.of(metric.name, "copy_source", copy, ours));
        }
        return comparisons;
    }

    private static String suite(Workshop workshop, List<String> source, List<String> reference) throws IOException {
        workshop.write("captions/suite.yaml", """
            suite: captions
            tasks: [captions.yaml]
            data:
              captions:
                test: {files: [en.txt, de.txt], format: lines, columns: [en, de]}
            """.lines().toList());
        workshop.write("captions/captions.yaml", """
            task: captions
            dataset_path: captions
            test_split: test
            output_type: generate_until
            doc_to_text: "%s"
            doc_to_target: de
            generation_kwargs: {until: ["\\n"], max_gen_toks: 96, do_sample: false}
            metric_list: [{metric: chrf}, {metric: bleu}]
            """.formatted(PROMPT).lines().toList());
        workshop.write("captions/en.txt", source);
        workshop.write("captions/de.txt", reference);
        return workshop.createSuite(SUITE);
    }

    private static String pair(Workshop workshop, String split, int rows) throws IOException {
        return workshop.write(split + ".en.txt", lines(split, "en", rows)) + ","
                + workshop.write(split + ".de.txt", lines(split, "de", rows));
    }

    /** First captions of a split. */
    static List<String> lines(String split, String language, int rows) throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(
                        BenchmarkData.file("evaluation/translation/" + split + "." + language + ".gz"))),
                StandardCharsets.UTF_8))) {
            return reader.lines().limit(rows).toList();
        }
    }

    private static List<String> answers(List<RowRecord> records) {
        String[] answers = new String[records.size()];
        for (RowRecord row : records) {
            answers[row.row()] = row.predictions().values().iterator().next().strip();
        }
        return List.of(answers);
    }

    private static WeightedRows rows(TextMetric metric, List<String> texts, List<String> references) {
        List<double[]> statistics = new ArrayList<>();
        for (int row = 0; row < texts.size(); row++) {
            statistics.add(metric.statistics(texts.get(row), List.of(references.get(row))));
        }
        return WeightedRows.of(metric, statistics);
    }
}
