package io.rootstock.bench.base;

import io.rootstock.bench.CpuTime;
import io.rootstock.bench.Lifecycle;
import io.rootstock.cli.client.Training;
import io.rootstock.inference.v1.Classification;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.Version;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Task;
import io.rootstock.trainer.v1.TuningMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Fine-tunes a published base with the defaults for each task and method through the services; the promoted version
 * classifies the test rows. Baselines: a linear model, and transformers with PEFT with equal rank, learning rate, batch
 * and epochs.
 */
public final class BaseQuality {
    private static final int MAX_TOKENS = 256;
    private static final int BATCH = 100;
    private static final double SECONDS_PER_MINUTE = 60;

    private final Lifecycle life;
    private final Version base;
    private final PythonPeers peers;

    private record Method(String name, TuningMethod value) {}

    private static final List<Method> METHODS = List.of(
            new Method("lora", TuningMethod.TUNING_METHOD_LORA), new Method("full", TuningMethod.TUNING_METHOD_FULL));

    private record Arguments(
            Path folder,
            String python,
            Set<QualityTask> tasks,
            List<Method> methods,
            Hyperparameters settings,
            int seeds,
            boolean quick) {
        static Arguments parse(List<String> given) {
            Set<QualityTask> tasks = EnumSet.noneOf(QualityTask.class);
            List<Method> methods = new ArrayList<>();
            Hyperparameters.Builder settings = Hyperparameters.newBuilder();
            int seeds = 1;
            boolean quick = false;
            for (int i = 2; i < given.size(); i++) {
                switch (given.get(i)) {
                    case "--quick" -> quick = true;
                    case "--task" ->
                        tasks.add(QualityTask.valueOf(given.get(++i).toUpperCase(Locale.ROOT)));
                    case "--method" -> {
                        String name = given.get(++i);
                        METHODS.stream()
                                .filter(method -> method.name.equals(name))
                                .forEach(methods::add);
                        if (methods.isEmpty()) {
                            throw new IllegalArgumentException("--method " + name);
                        }
                    }
                    case "--learning-rate" -> settings.setLearningRate(Double.parseDouble(given.get(++i)));
                    case "--seeds" -> seeds = Integer.parseInt(given.get(++i));
                    case "--epochs" -> settings.setEpochs(Double.parseDouble(given.get(++i)));
                    default -> throw new IllegalArgumentException(given.get(i));
                }
            }
            return new Arguments(
                    Path.of(given.get(0)),
                    given.get(1),
                    tasks.isEmpty() ? EnumSet.allOf(QualityTask.class) : tasks,
                    methods.isEmpty() ? METHODS : methods,
                    settings.build(),
                    seeds,
                    quick);
        }
    }

    private record Result(
            String task,
            String method,
            double accuracy,
            double linear,
            double peft,
            McNemar paired,
            double cpuMinutes,
            double peftCpuMinutes) {
        String line() {
            return String.format(
                    Locale.ROOT,
                    "%s_%s: accuracy=%.4f linear=%.4f peft=%.4f p=%.3f cpu_minutes=%.1f peft_cpu_minutes=%.1f",
                    task,
                    method,
                    accuracy,
                    linear,
                    peft,
                    paired.p(),
                    cpuMinutes,
                    peftCpuMinutes);
        }
    }

    private BaseQuality(Lifecycle life, Version base, PythonPeers peers) {
        this.life = life;
        this.base = base;
        this.peers = peers;
    }

    public static void main(String[] given) throws IOException {
        Arguments arguments;
        try {
            arguments = Arguments.parse(Arrays.asList(given));
        } catch (IllegalArgumentException | IndexOutOfBoundsException wrong) {
            System.err.println("error: " + wrong.getMessage());
            System.err.println(
                    "usage: bench/quality/base [--task sst2|sms|clinc150|nsmc] [--method lora|full] [--quick]"
                            + " [--learning-rate RATE] [--epochs N] [--seeds N]");
            System.exit(2);
            return;
        }
        List<Result> results = new ArrayList<>();
        try (Lifecycle life = Lifecycle.start("base-quality")) {
            Version base = life.importModel("base", arguments.folder);
            PythonPeers peers = new PythonPeers(
                    arguments.python,
                    arguments.folder,
                    Files.createDirectories(life.home().resolve("peers")));
            BaseQuality benchmark = new BaseQuality(life, base, peers);
            System.out.printf(
                    "%-10s %-6s %6s %6s %9s %9s %9s%n",
                    "task", "method", "train", "test", "accuracy", "linear", "PEFT");
            for (QualityTask task : arguments.tasks) {
                results.addAll(benchmark.run(task, arguments));
            }
        }
        System.out.println(
                "p: exact McNemar test of ours against PEFT's on the same rows, those of all seeds together");
        System.out.println(
                "CPU min: mean of the seeds; training with validation, of all services; of PEFT with loading and the"
                        + " test rows");
        results.forEach(result -> System.out.println(result.line()));
        boolean aboveLinear = results.stream().allMatch(result -> result.accuracy > result.linear);
        boolean notBelowPeft = results.stream().noneMatch(result -> result.paired.firstIsWorse());
        System.out.println("above_linear=" + aboveLinear);
        System.out.println("not_below_peft=" + notBelowPeft);
    }

    private List<Result> run(QualityTask task, Arguments arguments) throws IOException {
        String name = task.name().toLowerCase(Locale.ROOT);
        Splits splits = arguments.quick ? task.quickRows() : task.rows();
        List<String> expected = splits.test().stream().map(LabelledRow::label).toList();
        String dataset = LabelledDataset.prepare(life, base, name, splits, MAX_TOKENS);
        double linear = accuracy(expected, peers.linear(splits));
        List<Result> results = new ArrayList<>();
        for (Method method : arguments.methods) {
            List<String> allExpected = new ArrayList<>();
            List<String> allOurs = new ArrayList<>();
            List<String> allTheirs = new ArrayList<>();
            double cpuMinutes = 0;
            double peftCpuMinutes = 0;
            for (int seed = 1; seed <= arguments.seeds; seed++) {
                String model = "models/" + name + "-" + method.name + "-" + seed;
                JobSpec spec = JobSpec.newBuilder()
                        .setTask(Task.TASK_CLASSIFICATION)
                        .setDataset(dataset)
                        .setBase(base.getName())
                        .setOutputModel(model)
                        .setHyperparameters(arguments.settings.toBuilder()
                                .setMethod(method.value)
                                .setSeed(seed))
                        .setSkipQuantizations(true)
                        .build();
                Hyperparameters resolved =
                        new Training(life.clients()).plan(spec, false).getHyperparameters();
                double start = CpuTime.of(life.installation());
                Job job = life.run(spec);
                cpuMinutes += (CpuTime.of(life.installation()) - start) / SECONDS_PER_MINUTE;
                life.promote(job.getVersion());
                List<String> ours = served(model, splits.test());
                System.err.printf(
                        Locale.ROOT,
                        "%s %s seed %d: accuracy %.4f; PEFT trains now%n",
                        name,
                        method.name,
                        seed,
                        accuracy(expected, ours));
                start = CpuTime.own();
                List<String> theirs = peers.fineTuned(method.name, splits, resolved, MAX_TOKENS);
                peftCpuMinutes += (CpuTime.own() - start) / SECONDS_PER_MINUTE;
                System.out.printf(
                        Locale.ROOT,
                        "%-10s %-6s %6d %6d %9.4f %9.4f %9.4f  seed %d%n",
                        name,
                        method.name,
                        splits.train().size(),
                        expected.size(),
                        accuracy(expected, ours),
                        linear,
                        accuracy(expected, theirs),
                        seed);
                allExpected.addAll(expected);
                allOurs.addAll(ours);
                allTheirs.addAll(theirs);
            }
            results.add(new Result(
                    name,
                    method.name,
                    accuracy(allExpected, allOurs),
                    linear,
                    accuracy(allExpected, allTheirs),
                    McNemar.of(allExpected, allOurs, allTheirs),
                    cpuMinutes / arguments.seeds,
                    peftCpuMinutes / arguments.seeds));
        }
        return results;
    }

    private List<String> served(String model, List<LabelledRow> rows) {
        List<String> labels = new ArrayList<>();
        for (int from = 0; from < rows.size(); from += BATCH) {
            List<String> texts = rows.subList(from, Math.min(rows.size(), from + BATCH)).stream()
                    .map(LabelledRow::text)
                    .toList();
            life.classify(model, texts).getClassificationsList().stream()
                    .map(Classification::getLabel)
                    .forEach(labels::add);
        }
        return labels;
    }

    private static double accuracy(List<String> expected, List<String> answers) {
        int right = 0;
        for (int row = 0; row < expected.size(); row++) {
            right += expected.get(row).equals(answers.get(row)) ? 1 : 0;
        }
        return (double) right / expected.size();
    }
}
