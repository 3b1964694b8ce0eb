package io.rootstock.bench.newcomer;

import io.rootstock.bench.Lifecycle;
import io.rootstock.bench.UserCommands;
import io.rootstock.bench.base.LabelledDataset;
import io.rootstock.bench.base.QualityTask;
import io.rootstock.bench.base.Splits;
import io.rootstock.registry.v1.Job;
import io.rootstock.trainer.v1.RunEvaluation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The steps of a first user with the commands of the guides: a tokenizer and a base on prose and the unlabelled training
 * rows, then a classifier with the default settings for each task and seed, compared with the run's linear baseline on
 * the same test rows. The tasks of a kind of text share a base.
 */
public final class Newcomer {
    private static final String VOCABULARY = "4096";
    private static final double SECONDS_PER_MINUTE = 60;

    private final UserCommands commands;
    private final NewcomerArguments arguments;

    private Newcomer(UserCommands commands, NewcomerArguments arguments) {
        this.commands = commands;
        this.arguments = arguments;
    }

    private record Result(QualityTask task, List<Double> accuracies, double linear) {
        double accuracy() {
            return accuracies.stream()
                    .mapToDouble(Double::doubleValue)
                    .average()
                    .orElseThrow();
        }

        String line() {
            return String.format(
                    Locale.ROOT,
                    "%s: accuracy=%.4f linear=%.4f accuracy_over_linear=%.4f",
                    task.name().toLowerCase(Locale.ROOT),
                    accuracy(),
                    linear,
                    accuracy() / linear);
        }
    }

    public static void main(String[] given) throws IOException {
        NewcomerArguments arguments;
        try {
            arguments = NewcomerArguments.parse(Arrays.asList(given));
        } catch (IllegalArgumentException | IndexOutOfBoundsException wrong) {
            System.err.println("error: " + wrong.getMessage());
            System.err.println(NewcomerArguments.USAGE);
            System.exit(2);
            return;
        }
        List<Result> results = new ArrayList<>();
        try (UserCommands commands = UserCommands.start("newcomer")) {
            Newcomer benchmark = new Newcomer(commands, arguments);
            for (TextKind kind : TextKind.values()) {
                List<QualityTask> tasks = kind.tasks().stream()
                        .filter(arguments.tasks()::contains)
                        .toList();
                if (!tasks.isEmpty()) {
                    benchmark.trainBase(kind);
                    for (QualityTask task : tasks) {
                        results.add(benchmark.run(task, kind));
                    }
                }
            }
        }
        System.out.println(
                "accuracy: test rows, mean of the seeds; linear: logistic regression on hashed n-grams, the run's"
                        + " baseline; CPU min: command and services, of one fine-tuning");
        results.forEach(result -> System.out.println(result.line()));
        System.out.println("at_or_above_linear="
                + results.stream()
                        .filter(result -> result.accuracy() >= result.linear)
                        .count() + "_of_" + results.size());
    }

    private void trainBase(TextKind kind) throws IOException {
        double start = commands.cpuSeconds();
        String name = kind.name().toLowerCase(Locale.ROOT);
        String prose = kind.prose(commands.home()).toString();
        String rows = kind.unlabelled(commands.home(), arguments.tasks(), arguments.quick())
                .toString();
        commands.run("tokenizer", "train", name, "--vocabulary", VOCABULARY, "--file", prose, "--file", rows);
        commands.run(
                "dataset",
                "prepare",
                name + "-text",
                "--kind",
                "pretraining",
                "--tokenizer",
                name,
                "--source",
                "prose=" + prose + ":0.5",
                "--source",
                "rows=" + rows + ":0.5");
        Job job = commands.train(
                "pretrain",
                "--dataset",
                name + "-text",
                "--model",
                name,
                "--depth",
                Integer.toString(arguments.depth()),
                "--tokens",
                Long.toString(arguments.tokens()),
                "--no-quantizations",
                "--json");
        System.out.printf(
                Locale.ROOT,
                "%s base: %.3f bits per byte, %d tokens, %d layers, %.1f CPU minutes with its tokenizer%n",
                name,
                Lifecycle.evaluation(job, "validation").getBitsPerByte(),
                arguments.tokens(),
                arguments.depth(),
                (commands.cpuSeconds() - start) / SECONDS_PER_MINUTE);
        System.out.printf(
                "%-10s %6s %6s %6s %9s %9s %8s%n", "task", "seed", "train", "test", "accuracy", "linear", "CPU min");
    }

    private Result run(QualityTask task, TextKind kind) throws IOException {
        String name = task.name().toLowerCase(Locale.ROOT);
        String base = kind.name().toLowerCase(Locale.ROOT);
        Splits splits = TextKind.rows(task, arguments.quick());
        Map<String, Path> files = LabelledDataset.files(commands.home(), name, splits);
        commands.run(
                "dataset",
                "prepare",
                name,
                "--kind",
                "classification",
                "--tokenizer",
                base,
                "--file",
                files.get("train").toString(),
                "--validation-file",
                files.get("validation").toString(),
                "--test-file",
                files.get("test").toString());
        List<Double> accuracies = new ArrayList<>();
        double linear = 0;
        for (int seed = 1; seed <= arguments.seeds(); seed++) {
            double start = commands.cpuSeconds();
            List<String> finetune = new ArrayList<>(List.of(
                    "finetune",
                    "--task",
                    "classification",
                    "--base",
                    base,
                    "--dataset",
                    name,
                    "--model",
                    name,
                    "--seed",
                    Integer.toString(seed),
                    "--no-quantizations",
                    "--json"));
            finetune.addAll(arguments.options());
            RunEvaluation test = Lifecycle.evaluation(commands.train(finetune.toArray(String[]::new)), "test");
            double cpuMinutes = (commands.cpuSeconds() - start) / SECONDS_PER_MINUTE;
            linear = test.getMetricsOrThrow("linear_accuracy");
            accuracies.add(test.getMetricsOrThrow("accuracy"));
            System.out.printf(
                    Locale.ROOT,
                    "%-10s %6d %6d %6d %9.4f %9.4f %8.1f%n",
                    name,
                    seed,
                    splits.train().size(),
                    splits.test().size(),
                    accuracies.getLast(),
                    linear,
                    cpuMinutes);
        }
        return new Result(task, accuracies, linear);
    }
}
