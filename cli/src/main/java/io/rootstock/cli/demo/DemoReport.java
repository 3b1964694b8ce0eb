package io.rootstock.cli.demo;

import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Table;
import io.rootstock.inference.v1.Finish;
import io.rootstock.registry.v1.Job;
import io.rootstock.trainer.v1.RunEvaluation;
import java.util.LinkedHashMap;
import java.util.Map;

/** The demo's numbers, each beside its baseline. */
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

    void generation(Finish finish) {
        generation = finish;
    }

    void ended(int answers) {
        values.put("answers_ended", (double) answers);
    }

    void served(double accuracy) {
        values.put("served_accuracy", accuracy);
    }

    String baseLine() {
        return "held-out text: %s bits per byte at the start, %s now; gzip -9 needs %s"
                .formatted(figure("start_bits_per_byte"), figure("bits_per_byte"), figure("gzip_bits_per_byte"));
    }

    String instructionLine() {
        return "held-out answers: %s nats per token; the base model %s"
                .formatted(figure("answer_loss"), figure("base_answer_loss"));
    }

    String classificationLine() {
        return "held-out sentences: %s right; always saying the commonest package %s"
                .formatted(percent("accuracy"), percent("majority_accuracy"));
    }

    Table table() {
        Table table = new Table("what, on held-out types", "model", "baseline", "baseline is");
        table.row("text, bits per byte", figure("bits_per_byte"), figure("gzip_bits_per_byte"), "gzip -9, same text");
        table.row("", "", figure("start_bits_per_byte"), "before training");
        table.row("answers, nats per token", figure("answer_loss"), figure("base_answer_loss"), "base model");
        table.row("answers ended by the model, of 10", Format.count(value("answers_ended")), "", "");
        table.row("package, accuracy", percent("accuracy"), percent("majority_accuracy"), "commonest package");
        table.row(
                "package, accuracy through gRPC",
                percent("served_accuracy"),
                percent("accuracy"),
                "the trainer's; Q8_0 is served");
        table.row("first token, ms", Format.fixed(generation.getFirstTokenMilliseconds(), 0), "", "");
        return table;
    }

    Map<String, Double> values(double seconds) {
        values.put("first_token_milliseconds", generation.getFirstTokenMilliseconds());
        values.put("seconds", seconds);
        return values;
    }

    String summary(double seconds) {
        return ("demo done in %s: %s bits per byte (gzip -9 %s, start %s), answers %s nats/token (base %s), %d of 10"
                        + " ended by themselves, package accuracy %s (majority %s)")
                .formatted(
                        Format.duration(seconds),
                        figure("bits_per_byte"),
                        figure("gzip_bits_per_byte"),
                        figure("start_bits_per_byte"),
                        figure("answer_loss"),
                        figure("base_answer_loss"),
                        Math.round(value("answers_ended")),
                        percent("served_accuracy"),
                        percent("majority_accuracy"));
    }

    private double value(String name) {
        return values.getOrDefault(name, Double.NaN);
    }

    private String figure(String name) {
        double value = value(name);
        return Double.isNaN(value) ? "-" : Format.fixed(value, 3);
    }

    private String percent(String name) {
        double value = value(name);
        return Double.isNaN(value) ? "-" : Format.percent(value);
    }
}
