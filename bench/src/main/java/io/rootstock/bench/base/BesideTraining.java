package io.rootstock.bench.base;

import io.rootstock.bench.Lifecycle;
import io.rootstock.bench.rounds.Figures;
import io.rootstock.inference.v1.Finish;
import io.rootstock.inference.v1.GenerateStreamRequest;
import io.rootstock.inference.v1.GenerateStreamResponse;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.Sampling;
import io.rootstock.registry.v1.CancelJobRequest;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.WatchJobRequest;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.RunProgress;
import io.rootstock.trainer.v1.Task;
import io.rootstock.trainer.v1.TuningMethod;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Speed of a served model while an adapter of the same base trains on the same machine, compared with the idle machine. */
public final class BesideTraining {
    private static final String MODEL = "models/base";
    private static final String PROMPT = "Once upon a time there was a gardener who";
    private static final int TOKENS = 64;
    private static final int MAX_TOKENS = 256;
    private static final int ROUNDS = 3;
    private static final double SECONDS = 20;
    private static final double QUICK_SECONDS = 5;
    private static final double EPOCHS = 100;
    private static final long START_MINUTES = 5;

    /** Tokens per second of one round. */
    private record Round(double idle, double beside, double training, double trainingBeside) {}

    private final Lifecycle life;
    private final JobSpec job;
    private final double seconds;
    private volatile RunProgress progress = RunProgress.getDefaultInstance();

    private BesideTraining(Lifecycle life, JobSpec job, double seconds) {
        this.life = life;
        this.job = job;
        this.seconds = seconds;
    }

    /** Usage: {@code MODEL_FOLDER [--quick]}. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        boolean quick = List.of(arguments).contains("--quick");
        Path folder = Path.of(arguments[0]);
        System.out.printf("%4s %12s %12s %12s %12s%n", "nice", "idle", "beside", "training", "beside");
        Round lowered = median(19, folder, quick);
        Round equal = quick ? null : median(0, folder, false);
        System.out.println("tokens per second: served without and with training, trained without and with requests");
        Figures.print("share_of_idle_speed", lowered.beside / lowered.idle);
        if (equal != null) {
            Figures.print("equal_priority_share", equal.beside / equal.idle);
        }
        Figures.print("training_share_while_serving", lowered.trainingBeside / lowered.training);
    }

    /** The round with the median share of the idle speed. */
    private static Round median(int nice, Path folder, boolean quick) throws IOException, InterruptedException {
        try (Lifecycle life =
                Lifecycle.start("beside-training", Map.of("rootstock.trainer.nice", Integer.toString(nice)))) {
            Version base = life.importModel("base", folder);
            life.promote(base.getName());
            String dataset = LabelledDataset.prepare(life, base, "sms", QualityTask.SMS.rows(), MAX_TOKENS);
            JobSpec job = JobSpec.newBuilder()
                    .setTask(Task.TASK_CLASSIFICATION)
                    .setDataset(dataset)
                    .setBase(base.getName())
                    .setOutputModel("models/adapter")
                    .setHyperparameters(Hyperparameters.newBuilder()
                            .setMethod(TuningMethod.TUNING_METHOD_LORA)
                            .setEpochs(EPOCHS))
                    .setSkipQuantizations(true)
                    .build();
            BesideTraining benchmark = new BesideTraining(life, job, quick ? QUICK_SECONDS : SECONDS);
            Round[] rounds = new Round[quick ? 1 : ROUNDS];
            for (int round = 0; round < rounds.length; round++) {
                rounds[round] = benchmark.round();
                System.out.printf(
                        Locale.ROOT,
                        "%4d %12.1f %12.1f %12.1f %12.1f%n",
                        nice,
                        rounds[round].idle,
                        rounds[round].beside,
                        rounds[round].training,
                        rounds[round].trainingBeside);
            }
            Arrays.sort(rounds, (a, b) -> Double.compare(a.beside / a.idle, b.beside / b.idle));
            return rounds[rounds.length / 2];
        }
    }

    private Round round() throws InterruptedException {
        generate(1);
        double idle = generate(seconds);
        progress = RunProgress.getDefaultInstance();
        String name = life.clients()
                .jobs()
                .createJob(CreateJobRequest.newBuilder().setSpec(job).build())
                .getJob()
                .getName();
        CountDownLatch training = new CountDownLatch(1);
        Thread watcher = Thread.ofVirtual().start(() -> watch(name, training));
        if (!training.await(START_MINUTES, TimeUnit.MINUTES)) {
            throw new IllegalStateException(name + " did not begin to train in " + START_MINUTES + " minutes");
        }
        RunProgress first = progress;
        TimeUnit.MILLISECONDS.sleep((long) (seconds * 1e3));
        RunProgress second = progress;
        double beside = generate(seconds);
        RunProgress third = progress;
        life.clients()
                .jobs()
                .cancelJob(CancelJobRequest.newBuilder().setName(name).build());
        watcher.join();
        return new Round(
                idle,
                beside,
                (second.getTokens() - first.getTokens()) / seconds,
                (third.getTokens() - second.getTokens()) / seconds);
    }

    private void watch(String name, CountDownLatch training) {
        life.clients()
                .jobs()
                .watchJob(WatchJobRequest.newBuilder().setName(name).build())
                .forEachRemaining(response -> {
                    if (response.getEvent().getRunEvent().hasProgress()) {
                        progress = response.getEvent().getRunEvent().getProgress();
                        training.countDown();
                    }
                });
    }

    /** Tokens per second of requests, one after another. */
    private double generate(double most) {
        long begin = System.nanoTime();
        long tokens = 0;
        double elapsed;
        do {
            tokens += completion();
            elapsed = (System.nanoTime() - begin) / 1e9;
        } while (elapsed < most);
        return tokens / elapsed;
    }

    private int completion() {
        Iterator<GenerateStreamResponse> deltas = life.clients()
                .inference()
                .generateStream(GenerateStreamRequest.newBuilder()
                        .setModel(MODEL)
                        .setPrompt(PROMPT)
                        .setOptions(GenerationOptions.newBuilder()
                                .setMaxTokens(TOKENS)
                                .setIgnoreEndOfText(true)
                                .setSampling(Sampling.newBuilder().setTemperature(0)))
                        .build());
        Finish finish = Finish.getDefaultInstance();
        while (deltas.hasNext()) {
            GenerateStreamResponse delta = deltas.next();
            finish = delta.hasFinish() ? delta.getFinish() : finish;
        }
        return finish.getCompletionTokens();
    }
}
