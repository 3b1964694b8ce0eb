package io.rootstock.bench.finetunes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.bench.BenchmarkData;
import io.rootstock.bench.base.LabelledRow;
import io.rootstock.bench.base.QualityTask;
import io.rootstock.bench.base.Splits;
import io.rootstock.evaluation.metric.WeightedRows;
import io.rootstock.evaluation.metric.classes.ClassMetric;
import io.rootstock.evaluation.metric.classes.ClassRows;
import io.rootstock.evaluation.metric.classes.RocAuc;
import io.rootstock.evaluation.task.score.Response;
import io.rootstock.evaluation.task.score.RowRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * CLINC150, docs/guides/finetune-intents.md: the first 30 training, 2 validation and 10 test rows of each of 150 intents,
 * and 250 requests of no intent, which only the test has. A low probability of the predicted class tells that a request
 * is out of scope. The base answers zero-shot, by the log-probability of the name of each intent after the request, on
 * {@value #SAMPLE} evenly spaced rows of each kind, because each row has 150 names.
 */
final class IntentsRecipe implements Recipe {
    private static final String SUITE = "zero-shot-intents";
    private static final int SAMPLE = 30;

    /** Class and its probability, by row. */
    @SuppressWarnings("ArrayRecordComponent") // records are never compared
    private record Answers(int[] classes, double[] probabilities) {
        Answers of(int[] rows) {
            return new Answers(
                    IntStream.of(rows).map(row -> classes[row]).toArray(),
                    IntStream.of(rows).mapToDouble(row -> probabilities[row]).toArray());
        }
    }

    @Override
    public String name() {
        return "intents";
    }

    @Override
    public List<Comparison> run(Workshop workshop) throws IOException {
        Splits all = QualityTask.CLINC150.whole();
        List<LabelledRow> train = first(all.train(), workshop.rows(30, 2));
        List<LabelledRow> validation = first(all.validation(), workshop.rows(2, 1));
        List<LabelledRow> inside = first(all.test(), workshop.rows(10, 1));
        List<LabelledRow> outside = outside().subList(0, workshop.rows(250, 50));
        LabelledRows rows = LabelledRows.of(train, inside);
        workshop.train(
                name(),
                "classification",
                "--file",
                workshop.writeJson("intents-train.jsonl", train).toString(),
                "--validation-file",
                workshop.writeJson("intents-validation.jsonl", validation).toString(),
                "--test-file",
                workshop.writeJson("intents-test.jsonl", inside).toString());
        List<LabelledRow> test =
                Stream.concat(inside.stream(), outside.stream()).toList();
        Answers tuned = tuned(workshop, rows, test);
        Answers linear = linear(rows, test);
        int sample = workshop.rows(SAMPLE, 3);
        int[] sampled = IntStream.concat(
                        spaced(inside.size(), sample),
                        spaced(outside.size(), sample).map(row -> inside.size() + row))
                .toArray();
        Answers base =
                base(workshop, rows, IntStream.of(sampled).mapToObj(test::get).toList(), sample);
        int[] insideRows = IntStream.range(0, inside.size()).toArray();
        int[] everyRow = IntStream.range(0, test.size()).toArray();
        int[] insideSample = Arrays.copyOf(sampled, sample);
        List<Comparison> comparisons = new ArrayList<>();
        comparisons.addAll(classes(
                "base", rows, insideSample, base.of(IntStream.range(0, sample).toArray()), tuned.of(insideSample)));
        comparisons.add(scope("base", sample, base, tuned.of(sampled)));
        comparisons.addAll(classes("linear", rows, insideRows, linear.of(insideRows), tuned.of(insideRows)));
        comparisons.add(scope("linear", inside.size(), linear.of(everyRow), tuned.of(everyRow)));
        return comparisons;
    }

    private static List<Comparison> classes(String first, LabelledRows rows, int[] chosen, Answers one, Answers other) {
        int[] all = rows.expected();
        int[] expected = IntStream.of(chosen).map(row -> all[row]).toArray();
        return List.of(
                Comparison.ofAccuracy(
                        "intents_accuracy",
                        first,
                        LabelledRows.right(expected, one.classes),
                        LabelledRows.right(expected, other.classes)),
                Comparison.of(
                        "intents_macro_f1",
                        first,
                        macroF1(rows, expected, one.classes),
                        macroF1(rows, expected, other.classes)));
    }

    private static WeightedRows macroF1(LabelledRows rows, int[] expected, int[] predicted) {
        return new ClassRows(ClassMetric.MACRO_F1, rows.classes().size(), expected, predicted);
    }

    /** Compares how well the probability of the predicted class tells the first rows, in scope, from the others. */
    private static Comparison scope(String first, int inside, Answers one, Answers other) {
        return Comparison.of("intents_out_of_scope_auc", first, auc(inside, one), auc(inside, other));
    }

    private static WeightedRows auc(int inside, Answers answers) {
        boolean[] outOfScope = new boolean[answers.probabilities.length];
        Arrays.fill(outOfScope, inside, outOfScope.length, true);
        return new RocAuc(Arrays.stream(answers.probabilities).map(p -> 1 - p).toArray(), outOfScope);
    }

    private Answers tuned(Workshop workshop, LabelledRows rows, List<LabelledRow> test) throws IOException {
        // predict refuses labels that the model lacks: the rows have none.
        Path file = workshop.writeJson(
                "requests.jsonl",
                test.stream().map(row -> Map.of("text", row.text())).toList());
        List<Workshop.Predicted> predicted = workshop.predict(name(), file);
        return new Answers(
                predicted.stream().mapToInt(row -> rows.classOf(row.label())).toArray(),
                predicted.stream().mapToDouble(Workshop.Predicted::probability).toArray());
    }

    private static Answers linear(LabelledRows rows, List<LabelledRow> test) {
        List<double[]> probabilities = test.stream()
                .map(row -> rows.linear().probabilities(row.text()))
                .toList();
        return answers(probabilities);
    }

    private static Answers base(Workshop workshop, LabelledRows rows, List<LabelledRow> sample, int inside)
            throws IOException {
        List<String> names =
                rows.classes().stream().map(label -> label.replace('_', ' ')).toList();
        workshop.write(SUITE + "/suite.yaml", """
            suite: zero-shot-intents
            tasks: [intents.yaml]
            data:
              intents: {test: test.jsonl}
            """.lines().toList());
        workshop.write(SUITE + "/intents.yaml", """
            task: intents
            dataset_path: intents
            test_split: test
            output_type: multiple_choice
            doc_to_text: "Request: {{text}}\\nIntent:"
            doc_to_choice: %s
            doc_to_target: label
            metric_list: [{metric: acc}]
            """.formatted(new JsonMapper().writeValueAsString(names))
                .lines()
                .toList());
        // A row must have a gold answer; only the probabilities of the rows out of scope are read.
        workshop.writeJson(
                SUITE + "/test.jsonl",
                IntStream.range(0, sample.size())
                        .mapToObj(row -> Map.of(
                                "text",
                                sample.get(row).text(),
                                "label",
                                row < inside ? rows.classOf(sample.get(row).label()) : 0))
                        .toList());
        double[][] probabilities = new double[sample.size()][];
        for (RowRecord record : workshop.evaluate(Workshop.BASE, workshop.createSuite(SUITE))) {
            probabilities[record.row()] = softmax(record.responses().stream()
                    .mapToDouble(response -> ((Response.Loglikelihood) response).logprob())
                    .toArray());
        }
        return answers(List.of(probabilities));
    }

    private static Answers answers(List<double[]> probabilities) {
        int[] classes = new int[probabilities.size()];
        double[] highest = new double[classes.length];
        for (int row = 0; row < classes.length; row++) {
            double[] of = probabilities.get(row);
            for (int label = 1; label < of.length; label++) {
                classes[row] = of[label] > of[classes[row]] ? label : classes[row];
            }
            highest[row] = of[classes[row]];
        }
        return new Answers(classes, highest);
    }

    private static double[] softmax(double[] logprobs) {
        double highest = Arrays.stream(logprobs).max().orElseThrow();
        double[] exponentials =
                Arrays.stream(logprobs).map(one -> Math.exp(one - highest)).toArray();
        double sum = Arrays.stream(exponentials).sum();
        return Arrays.stream(exponentials).map(one -> one / sum).toArray();
    }

    private static IntStream spaced(int rows, int count) {
        return IntStream.range(0, count).map(i -> (int) ((long) i * rows / count));
    }

    private static List<LabelledRow> first(List<LabelledRow> rows, int most) {
        Map<String, Integer> counts = new HashMap<>();
        return rows.stream()
                .filter(row -> counts.merge(row.label(), 1, Integer::sum) <= most)
                .toList();
    }

    private static List<LabelledRow> outside() throws IOException {
        JsonNode data = new JsonMapper()
                .readTree(BenchmarkData.file("evaluation/intents/clinc150.json").toFile());
        List<LabelledRow> rows = new ArrayList<>();
        data.required("oos_test")
                .forEach(row ->
                        rows.add(new LabelledRow(row.get(0).asText(), row.get(1).asText())));
        return rows;
    }
}
