package io.rootstock.cli.demo;

import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Table;
import io.rootstock.evaluation.baseline.NearestText;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.inference.v1.Finish;
import io.rootstock.registry.v1.Job;
import io.rootstock.trainer.v1.RunEvaluation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Metrics of the demo and their baselines. */
final class DemoReport {
    private static final String VALIDATION = "validation";
    private static final String TEST = "test";

    private final Map<String, Double> values = new LinkedHashMap<>();
    private Finish generation = Finish.getDefaultInstance();

    void gzip(Gzip.Size size) {
        values.put("gzip_bits_per_byte", size.bitsPerByte());
    }

    void base(Job job) {
        values.put(
                "bits_per_byte",
                evaluation(job, VALIDATION).map(RunEvaluation::getBitsPerByte).orElse(Double.NaN));
        values.put(
                "start_bits_per_byte",
                metric(job, VALIDATION, "start_bits_per_byte").orElse(Double.NaN));
        values.put("pretraining_tokens", (double) job.getProgress().getTokens());
    }

    void instruction(Job job) {
        String split = evaluation(job, TEST).isPresent() ? TEST : VALIDATION;
        values.put("answer_loss", loss(job, split));
        values.put("base_answer_loss", metric(job, split, "base_loss").orElse(Double.NaN));
    }

    void classification(Job job) {
        String split = evaluation(job, TEST).isPresent() ? TEST : VALIDATION;
        for (String name : List.of("accuracy", "linear_accuracy", "majority_accuracy")) {
            values.put(name, metric(job, split, name).orElse(Double.NaN));
        }
    }

    /** Adds how often the nearest training row has the answer or the label of a held-out row. */
    void nearest(DemoCorpus corpus) {
        values.put(
                "nearest_exact_match",
                nearest(
                        corpus.streamRows(DemoSplit.TRAIN),
                        corpus.streamRows(DemoSplit.TEST).subList(0, DemoSuite.LIMIT),
                        StreamRows.Row::instruction,
                        StreamRows.Row::output));
        values.put(
                "nearest_accuracy",
                nearest(
                        corpus.stepRows(DemoSplit.TRAIN),
                        corpus.stepRows(DemoSplit.TEST),
                        StepRows.Row::text,
                        StepRows.Row::label));
    }

    private static <R> double nearest(
            List<R> training, List<R> heldOut, Function<R, String> text, Function<R, String> answer) {
        NearestText search = new NearestText(heldOut.stream().map(text).toList());
        training.forEach(row -> search.add(text.apply(row)));
        int[] nearest = search.nearest();
        return IntStream.range(0, heldOut.size())
                        .filter(row -> answer.apply(training.get(nearest[row])).equals(answer.apply(heldOut.get(row))))
                        .count()
                / (double) heldOut.size();
    }

    /** Adds the share of right answers to held-out requests. */
    void evaluations(Evaluation base, Evaluation tuned) {
        values.put("exact_match", DemoSuite.exactMatch(tuned));
        values.put("base_exact_match", DemoSuite.exactMatch(base));
    }

    void generation(Finish finish) {
        generation = finish;
    }

    void served(double accuracy) {
        values.put("served_accuracy", accuracy);
    }

    String baseLine() {
        return "held-out text: %s bits per byte before training, %s after; gzip -9: %s"
                .formatted(fixed("start_bits_per_byte"), fixed("bits_per_byte"), fixed("gzip_bits_per_byte"));
    }

    String instructionLine() {
        return "held-out answers: %s nats per token; base model: %s"
                .formatted(fixed("answer_loss"), fixed("base_answer_loss"));
    }

    String classificationLine() {
        return "held-out instructions: accuracy %s; linear model: %s; most frequent step: %s"
                .formatted(percent("accuracy"), percent("linear_accuracy"), percent("majority_accuracy"));
    }

    Table table() {
        Table table = new Table("metric (held out)", "model", "baseline", "baseline method");
        table.row("text, bits per byte", fixed("bits_per_byte"), fixed("gzip_bits_per_byte"), "gzip -9");
        table.row("", "", fixed("start_bits_per_byte"), "before training");
        table.row(
                "stream, exact match", percent("exact_match"), percent("nearest_exact_match"), "nearest training row");
        table.row("", "", percent("base_exact_match"), "base model");
        table.row("last step, accuracy", percent("accuracy"), percent("linear_accuracy"), "linear model");
        table.row("", "", percent("nearest_accuracy"), "nearest training row");
        table.row("", "", percent("majority_accuracy"), "most frequent step");
        table.row(
                "last step, accuracy through gRPC",
                percent("served_accuracy"),
                percent("accuracy"),
                "trainer, F32 (served: Q8_0)");
        table.row("time to first token, ms", Format.fixed(generation.getFirstTokenMilliseconds(), 0), "", "");
        return table;
    }

    Map<String, Double> values(double seconds) {
        values.put("first_token_milliseconds", generation.getFirstTokenMilliseconds());
        values.put("seconds", seconds);
        return values;
    }

    String summary(double seconds) {
        return ("demo completed in %s: %s bits per byte (gzip -9 %s), %s of the streams right (nearest row %s), last step"
                        + " %s (linear model %s)")
                .formatted(
                        Format.duration(seconds),
                        fixed("bits_per_byte"),
                        fixed("gzip_bits_per_byte"),
                        percent("exact_match"),
                        percent("nearest_exact_match"),
                        percent("served_accuracy"),
                        percent("linear_accuracy"));
    }

    private double value(String name) {
        return values.getOrDefault(name, Double.NaN);
    }

    private String fixed(String name) {
        double value = value(name);
        return Double.isNaN(value) ? "-" : Format.fixed(value, 3);
    }

    private String percent(String name) {
        double value = value(name);
        return Double.isNaN(value) ? "-" : Format.percent(value);
    }

    /** The latest evaluation of a split. */
    private static Optional<RunEvaluation> evaluation(Job job, String split) {
        return job.getEvaluationsList().stream()
                .filter(evaluation -> evaluation.getSplit().equals(split))
                .reduce((first, second) -> second);
    }

    private static OptionalDouble metric(Job job, String split, String name) {
        return evaluation(job, split)
                .filter(evaluation -> evaluation.containsMetrics(name))
                .map(evaluation -> OptionalDouble.of(evaluation.getMetricsOrThrow(name)))
                .orElse(OptionalDouble.empty());
    }

    /** The loss of a split in nats per loss token; NaN if there is none. */
    private static double loss(Job job, String split) {
        return evaluation(job, split).map(RunEvaluation::getLoss).orElse(Double.NaN);
    }
}
