package io.rootstock.bench.newcomer;

import io.rootstock.bench.CpuTime;
import io.rootstock.bench.Lifecycle;
import io.rootstock.bench.base.LabelledDataset;
import io.rootstock.bench.base.QualityTask;
import io.rootstock.bench.base.Splits;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.Version;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.PreTokenizer;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.RunEvaluation;
import io.rootstock.trainer.v1.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The steps of a first user through the services: a tokenizer and a base on prose and the unlabelled training rows, then
 * a classifier with the default settings for each task and seed, compared with the run's linear baseline on the same test
 * rows. The tasks of a kind of text share a base.
 */
public final class Newcomer {
    private static final int VOCABULARY = 4096;
    private static final double ROWS_SHARE = 0.5;
    private static final int MAXIMUM_TOKENS = 256;
    private static final double SECONDS_PER_MINUTE = 60;

    private final Lifecycle life;
    private final NewcomerArguments arguments;

    private Newcomer(Lifecycle life, NewcomerArguments arguments) {
        this.life = life;
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
        try (Lifecycle life = Lifecycle.start("newcomer")) {
            Newcomer benchmark = new Newcomer(life, arguments);
            for (TextKind kind : TextKind.values()) {
                List<QualityTask> tasks = kind.tasks().stream()
                        .filter(arguments.tasks()::contains)
                        .toList();
                if (!tasks.isEmpty()) {
                    Version base = benchmark.base(kind);
                    for (QualityTask task : tasks) {
                        results.add(benchmark.run(task, base));
                    }
                }
            }
        }
        System.out.println(
                "accuracy: test rows, mean of the seeds; linear: logistic regression on hashed n-grams, the run's"
                        + " baseline; CPU min: all services, of one fine-tuning");
        results.forEach(result -> System.out.println(result.line()));
        System.out.println("at_or_above_linear="
                + results.stream()
                        .filter(result -> result.accuracy() >= result.linear)
                        .count() + "_of_" + results.size());
    }

    private Version base(TextKind kind) throws IOException {
        double start = CpuTime.of(life.installation());
        String name = kind.name().toLowerCase(Locale.ROOT);
        String prose = life.upload(kind.prose(life.home()));
        String rows = life.upload(kind.unlabelled(life.home(), arguments.tasks(), arguments.quick()));
        String tokenizer = "tokenizers/" + name;
        life.trainTokenizer(tokenizer, VOCABULARY, PreTokenizer.PRE_TOKENIZER_UNSPECIFIED, List.of(prose, rows));
        Dataset text = life.prepare(PrepareDatasetRequest.newBuilder()
                .setName("datasets/" + name + "-text")
                .setKind(DatasetKind.DATASET_KIND_PRETRAINING)
                .setTokenizer(tokenizer)
                .addSources(DatasetSource.newBuilder()
                        .setName("prose")
                        .setDigest(prose)
                        .setWeight(1 - ROWS_SHARE))
                .addSources(DatasetSource.newBuilder()
                        .setName("rows")
                        .setDigest(rows)
                        .setWeight(ROWS_SHARE))
                .build());
        Job job = life.run(JobSpec.newBuilder()
                .setTask(Task.TASK_PRETRAIN)
                .setDataset(text.getName())
                .setOutputModel("models/" + name)
                .setArchitecture(Architecture.newBuilder().setDepth(arguments.depth()))
                .setHyperparameters(Hyperparameters.newBuilder().setTokens(arguments.tokens()))
                .setSkipQuantizations(true)
                .build());
        System.out.printf(
                Locale.ROOT,
                "%s base: %.3f bits per byte, %d tokens, %d layers, %.1f CPU minutes with its tokenizer%n",
                name,
                Lifecycle.evaluation(job, "validation").getBitsPerByte(),
                arguments.tokens(),
                arguments.depth(),
                (CpuTime.of(life.installation()) - start) / SECONDS_PER_MINUTE);
        System.out.printf(
                "%-10s %6s %6s %6s %9s %9s %8s%n", "task", "seed", "train", "test", "accuracy", "linear", "CPU min");
        return life.clients()
                .models()
                .getVersion(
                        GetVersionRequest.newBuilder().setName(job.getVersion()).build())
                .getVersion();
    }

    private Result run(QualityTask task, Version base) throws IOException {
        String name = task.name().toLowerCase(Locale.ROOT);
        Splits splits = TextKind.rows(task, arguments.quick());
        String dataset = LabelledDataset.prepare(life, base, name, splits, MAXIMUM_TOKENS);
        List<Double> accuracies = new ArrayList<>();
        double linear = 0;
        for (int seed = 1; seed <= arguments.seeds(); seed++) {
            double start = CpuTime.of(life.installation());
            RunEvaluation test = Lifecycle.evaluation(
                    life.run(JobSpec.newBuilder()
                            .setTask(Task.TASK_CLASSIFICATION)
                            .setDataset(dataset)
                            .setBase(base.getName())
                            .setOutputModel("models/" + name)
                            .setHyperparameters(arguments.settings().toBuilder().setSeed(seed))
                            .setSkipQuantizations(true)
                            .build()),
                    "test");
            double cpuMinutes = (CpuTime.of(life.installation()) - start) / SECONDS_PER_MINUTE;
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
