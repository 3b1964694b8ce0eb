package io.rootstock.cli.demo;

import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Table;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.inference.v1.Finish;
import io.rootstock.registry.v1.Job;
import io.rootstock.trainer.v1.RunEvaluation;
import java.util.LinkedHashMap;
import java.util.Map;

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
                Metrics.evaluation(job, VALIDATION)
                        .map(RunEvaluation::getBitsPerByte)
                        .orElse(Double.NaN));
        values.put(
                "start_bits_per_byte",
                Metrics.metric(job, VALIDATION, "start_bits_per_byte").orElse(Double.NaN));
        values.put("pretraining_tokens", (double) job.getProgress().getTokens());
    }

    void instruction(Job job) {
        String split = Metrics.evaluation(job, TEST).isPresent() ? TEST : VALIDATION;
        values.put("answer_loss", Metrics.loss(job, split));
        values.put("base_answer_loss", Metrics.metric(job, split, "base_loss").orElse(Double.NaN));
    }

    void classification(Job job) {
        String split = Metrics.evaluation(job, TEST).isPresent() ? TEST : VALIDATION;
        values.put("accuracy", Metrics.metric(job, split, "accuracy").orElse(Double.NaN));
        values.put(
                "majority_accuracy",
                Metrics.metric(job, split, "majority_accuracy").orElse(Double.NaN));
    }

    /** Adds the chrF of the answers to held-out methods, and of their signatures. */
    void evaluations(Evaluation base, Evaluation tuned, DemoSuite suite) {
        values.put("answer_chrf", DemoSuite.answerChrf(tuned));
        values.put("base_answer_chrf", DemoSuite.answerChrf(base));
        values.put("signature_chrf", suite.signatureChrf());
    }

    void generation(Finish finish) {
        generation = finish;
    }

    void endedAnswers(int answers) {
        values.put("answers_ended", (double) answers);
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
        return "held-out sentences: accuracy %s; majority class: %s"
                .formatted(percent("accuracy"), percent("majority_accuracy"));
    }

    Table table() {
        Table table = new Table("metric (held out)", "model", "baseline", "baseline method");
        table.row("text, bits per byte", fixed("bits_per_byte"), fixed("gzip_bits_per_byte"), "gzip -9");
        table.row("", "", fixed("start_bits_per_byte"), "before training");
        table.row("answers, nats per token", fixed("answer_loss"), fixed("base_answer_loss"), "base model");
        table.row("answers, chrF", fixed("answer_chrf"), fixed("base_answer_chrf"), "base model");
        table.row("", "", fixed("signature_chrf"), "signatures as answers");
        table.row("answers with end-of-text, of 10", Format.count(value("answers_ended")), "", "");
        table.row("package, accuracy", percent("accuracy"), percent("majority_accuracy"), "majority class");
        table.row(
                "package, accuracy through gRPC",
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
        return ("demo completed in %s: %s bits per byte (gzip -9 %s, untrained %s), answers %s nats/token (base %s), %d of"
                        + " 10 with end-of-text, package accuracy %s (majority class %s)")
                .formatted(
                        Format.duration(seconds),
                        fixed("bits_per_byte"),
                        fixed("gzip_bits_per_byte"),
                        fixed("start_bits_per_byte"),
                        fixed("answer_loss"),
                        fixed("base_answer_loss"),
                        Math.round(value("answers_ended")),
                        percent("served_accuracy"),
                        percent("majority_accuracy"));
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
}
