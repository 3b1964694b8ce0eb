package io.rootstock.bench.finetunes;

import io.rootstock.bench.base.LabelledRow;
import io.rootstock.bench.base.QualityTask;
import io.rootstock.bench.base.Splits;
import io.rootstock.evaluation.task.score.RowRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * SST-2, docs/guides/finetune-sentiment.md: all published training rows, the first 200 validation rows, all test rows. The
 * base answers them zero-shot, as in the suite {@code abilities}; the better of its two metrics counts.
 */
final class SentimentRecipe implements Recipe {
    private static final List<String> METRICS = List.of("acc", "acc_mutual_info");

    @Override
    public String name() {
        return "sentiment";
    }

    @Override
    public List<Comparison> run(Workshop workshop) throws IOException {
        Splits all = QualityTask.SST2.whole();
        List<LabelledRow> train =
                all.train().subList(0, workshop.rows(all.train().size(), 200));
        List<LabelledRow> validation = all.validation().subList(0, workshop.rows(200, 50));
        List<LabelledRow> test = all.test().subList(0, workshop.rows(all.test().size(), 60));
        LabelledRows rows = LabelledRows.of(train, test);
        Path file = workshop.writeJson("test.jsonl", test);
        workshop.train(
                name(),
                "classification",
                "--file",
                workshop.writeJson("train.jsonl", train).toString(),
                "--validation-file",
                workshop.writeJson("validation.jsonl", validation).toString(),
                "--test-file",
                file.toString());
        int[] expected = rows.expected();
        boolean[] tuned = LabelledRows.right(
                expected,
                workshop.predict(name(), file).stream()
                        .mapToInt(predicted -> rows.classOf(predicted.label()))
                        .toArray());
        boolean[] linear = LabelledRows.right(expected, rows.linearClasses());
        List<RowRecord> records = workshop.evaluate(Workshop.BASE, suite(workshop, test));
        boolean[] zeroShot = METRICS.stream()
                .map(metric -> right(records, metric))
                .reduce((one, other) -> count(other) > count(one) ? other : one)
                .orElseThrow();
        return List.of(
                Comparison.ofAccuracy("sentiment_accuracy", "base", zeroShot, tuned),
                Comparison.ofAccuracy("sentiment_accuracy", "linear", linear, tuned)
                        .withBaseline("majority", rows.majority()));
    }

    private static String suite(Workshop workshop, List<LabelledRow> test) throws IOException {
        workshop.write("zero-shot-sentiment/suite.yaml", """
            suite: zero-shot-sentiment
            tasks: [sentiment.yaml]
            data:
              sentiment: {test: test.jsonl}
            """.lines().toList());
        workshop.write("zero-shot-sentiment/sentiment.yaml", """
            task: sentiment
            dataset_path: sentiment
            test_split: test
            output_type: multiple_choice
            doc_to_text: "Review: {{text}}\\nSentiment:"
            doc_to_choice: ["negative", "positive"]
            doc_to_target: label
            metric_list: [{metric: acc}, {metric: acc_mutual_info}]
            """.lines().toList());
        workshop.writeJson(
                "zero-shot-sentiment/test.jsonl",
                test.stream()
                        .map(row -> Map.of("text", row.text(), "label", Integer.parseInt(row.label())))
                        .toList());
        return workshop.createSuite("zero-shot-sentiment");
    }

    private static boolean[] right(List<RowRecord> records, String metric) {
        boolean[] right = new boolean[records.size()];
        for (RowRecord row : records) {
            right[row.row()] = row.scores().get(metric).value() == 1;
        }
        return right;
    }

    private static int count(boolean[] right) {
        int count = 0;
        for (boolean one : right) {
            count += one ? 1 : 0;
        }
        return count;
    }
}
