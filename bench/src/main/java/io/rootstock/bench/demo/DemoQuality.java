package io.rootstock.bench.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.util.JsonFormat;
import io.rootstock.bench.Lifecycle;
import io.rootstock.bench.UserCommands;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.MetricResult;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code rootstock demo} as a user runs it, once for each seed, and its two fine-tunes again from a base of the same
 * architecture with random weights.
 */
public final class DemoQuality {
    /** Steps of the base without pre-training, at a learning rate that changes nothing. */
    private static final double NO_LEARNING = 1e-12;

    private static final int MAX_SEEDS = 10;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Lifecycle life;
    private final UserCommands commands;

    /**
     * Figures of a task on held-out rows.
     *
     * @param accuracy share of right answers
     * @param linear the same of a linear model
     * @param nearest the same of the nearest training row
     * @param untrained the same of a fine-tune without pre-training
     */
    private record Row(String task, double accuracy, double linear, double nearest, double untrained) {
        private String line(int seed) {
            return String.format(
                    Locale.ROOT,
                    "task=%s seed=%d accuracy=%.4f linear=%.4f exact_match=%.4f nearest=%.4f without_pretraining=%.4f",
                    task,
                    seed,
                    accuracy,
                    linear,
                    accuracy,
                    nearest,
                    untrained);
        }
    }

    private DemoQuality(Lifecycle life, UserCommands commands) {
        this.life = life;
        this.commands = commands;
    }

    public static void main(String[] arguments) throws IOException {
        int seeds = arguments.length == 2 && arguments[0].equals("--seeds") ? Integer.parseInt(arguments[1]) : 1;
        if (seeds < 1 || seeds > MAX_SEEDS || (arguments.length != 0 && arguments.length != 2)) {
            System.err.println("usage: bench/quality/demo [--seeds N], N from 1 to " + MAX_SEEDS);
            System.exit(2);
        }
        List<Row> rows = new ArrayList<>();
        double bitsPerByte = 0;
        double seconds = 0;
        try (Lifecycle life = Lifecycle.start("demo");
                UserCommands commands = UserCommands.in(life.home())) {
            DemoQuality benchmark = new DemoQuality(life, commands);
            for (int seed = 1; seed <= seeds; seed++) {
                String name = "seed-" + seed;
                JsonNode demo =
                        JSON.readTree(commands.run("demo", "--name", name, "--seed", Integer.toString(seed), "--json"));
                bitsPerByte = Math.max(bitsPerByte, demo.get("bits_per_byte").asDouble());
                seconds = Math.max(seconds, demo.get("seconds").asDouble());
                for (Row row : benchmark.rows(name, demo)) {
                    rows.add(row);
                    System.out.println(row.line(seed));
                }
            }
        }
        System.out.println(
                "accuracy: share of right answers of held-out rows, which is the exact match; linear: logistic"
                        + " regression on hashed n-grams; of streams the most that a choice among the training answers reaches");
        System.out.printf(
                Locale.ROOT,
                "above_linear=%.2f above_nearest=%.2f%n",
                share(
                        rows,
                        rows.stream().filter(row -> row.accuracy > row.linear).count()),
                share(
                        rows,
                        rows.stream().filter(row -> row.accuracy > row.nearest).count()));
        System.out.printf(
                Locale.ROOT,
                "exact_match=%.4f%n",
                rows.stream().mapToDouble(Row::accuracy).min().orElseThrow());
        System.out.printf(Locale.ROOT, "bits_per_byte=%.3f seconds=%.0f%n", bitsPerByte, seconds);
    }

    private static double share(List<Row> rows, long some) {
        return (double) some / rows.size();
    }

    private List<Row> rows(String name, JsonNode demo) throws IOException {
        JobSpec base = spec(name);
        String untrained = life.run(base.toBuilder()
                        .setOutputModel("models/" + name + "-untrained")
                        .setHyperparameters(base.getHyperparameters().toBuilder()
                                .clearSeconds()
                                .setTokens(1)
                                .setLearningRate(NO_LEARNING))
                        .build())
                .getVersion();
        Job last = life.run(fineTuning(name + "-step", untrained));
        Job stream = life.run(fineTuning(name + "-stream", untrained));
        return List.of(
                new Row(
                        "stream",
                        demo.get("exact_match").asDouble(),
                        seenAnswers(name),
                        demo.get("nearest_exact_match").asDouble(),
                        exactMatch(stream.getVersion(), name)),
                new Row(
                        "last_step",
                        demo.get("accuracy").asDouble(),
                        demo.get("linear_accuracy").asDouble(),
                        demo.get("nearest_accuracy").asDouble(),
                        Lifecycle.evaluation(last, "test").getMetricsOrThrow("accuracy")));
    }

    private JobSpec fineTuning(String model, String base) {
        return spec(model).toBuilder()
                .setBase(base)
                .setOutputModel("models/" + model + "-untrained")
                .build();
    }

    /** Settings of the job that made a model of the demo. */
    private JobSpec spec(String model) {
        String job = life.clients()
                .models()
                .getVersion(GetVersionRequest.newBuilder()
                        .setName("models/" + model + "@latest")
                        .build())
                .getVersion()
                .getJob();
        return life.clients()
                .jobs()
                .getJob(GetJobRequest.newBuilder().setName(job).build())
                .getJob()
                .getSpec();
    }

    /** Exact match on the rows that the demo evaluates. */
    private double exactMatch(String version, String name) throws IOException {
        Evaluation.Builder evaluation = Evaluation.newBuilder();
        JsonFormat.parser()
                .merge(
                        commands.run(
                                "eval", "run", version, "--suite", name, "--tasks", "stream", "--limit", "100",
                                "--json"),
                        evaluation);
        return evaluation.getResultsList().stream()
                .flatMap(task -> task.getMetricsList().stream())
                .filter(metric -> metric.getMetric().equals("exact_match"))
                .mapToDouble(MetricResult::getValue)
                .findFirst()
                .orElseThrow();
    }

    /** Share of the held-out streams that are the answer of a training row. */
    private double seenAnswers(String name) throws IOException {
        Path folder = life.home().resolve("demo").resolve(name);
        Set<String> training = Set.copyOf(answers(folder.resolve("streams-train.jsonl")));
        List<String> heldOut = answers(folder.resolve("streams-test.jsonl"));
        return (double) heldOut.stream().filter(training::contains).count() / heldOut.size();
    }

    private static List<String> answers(Path file) throws IOException {
        try (var rows = JSON.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
            return rows.readAll().stream()
                    .map(row -> row.get("output").asText())
                    .distinct()
                    .collect(Collectors.toList());
        }
    }
}
