package io.rootstock.bench.kill;

import io.rootstock.bench.BenchmarkData;
import io.rootstock.bench.Lifecycle;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.Version;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.PreTokenizer;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.SplitFractions;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/**
 * Pre-trains a small model twice from one specification: once undisturbed, and once while its worker, each service, the
 * database and all of them at once are killed (SIGKILL) at random moments, with a client that writes continuously.
 * Prints the kills and their effects, then {@code kills= runs_resumed= lost= final_loss_difference=}.
 */
public final class KillBenchmark {
    private static final long SEED = 1337;
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int MAX_WAIT_MILLIS = 1500;
    private static final long TOKENS = 2_500_000;
    private static final int STEPS_BETWEEN_CHECKPOINTS = 10;
    private static final List<Target> PLAN = List.of(
            Target.WORKER,
            Target.REGISTRY,
            Target.EVERYTHING,
            Target.TRAINER,
            Target.DATABASE,
            Target.WORKER,
            Target.TOKENIZER,
            Target.INFERENCE,
            Target.EVERYTHING);

    private final Lifecycle life;
    private final Patience patience;
    private final Random random = new Random(SEED);
    private int kills;

    private KillBenchmark(Lifecycle life) {
        this.life = life;
        this.patience = new Patience(LIMIT, life.clients());
    }

    /** Entry point without arguments. */
    public static void main(String[] arguments) {
        try (Lifecycle life = Lifecycle.start("kill")) {
            new KillBenchmark(life).run();
        }
    }

    private void run() {
        Dataset dataset = dataset();
        long start = System.nanoTime();
        Job alone = life.run(spec(dataset));
        System.out.printf("uninterrupted: %s in %.0f s%n", summary(alone), seconds(start));
        start = System.nanoTime();
        Job killed = createJob(spec(dataset));
        Watcher watcher = new Watcher(patience, killed.getName());
        int lost;
        int acknowledged;
        try (Ledger ledger = new Ledger(patience, version(alone.getVersion()), List.of(dataset))) {
            carryOut(watcher);
            watcher.join();
            ledger.finish();
            killed = job(killed.getName());
            System.out.printf("killed: %s in %.0f s%n", summary(killed), seconds(start));
            lost = ledger.lost() + watcher.lost() + lostVersions(alone, killed);
            acknowledged = ledger.acknowledged() + watcher.seen().size() + 4;
        }
        int resumed = resumed(watcher.seen());
        double difference = Math.abs(finalLoss(alone) - finalLoss(killed));
        System.out.printf("%d acknowledged items checked%n", acknowledged);
        System.out.printf("kills=%d%n", kills);
        System.out.printf("runs_resumed=%d%n", resumed);
        System.out.printf("lost=%d%n", lost);
        System.out.printf("final_loss_difference=%s%n", difference);
        System.out.printf("identical_files=%d%n", digests(alone).equals(digests(killed)) ? 1 : 0);
    }

    /** Kills the targets one after another, each at a random moment of the active run, and restarts them. */
    private void carryOut(Watcher watcher) {
        System.out.printf("%-4s %-11s %10s %16s %14s%n", "no.", "killed", "processes", "events before", "back after s");
        for (int i = 0; i < PLAN.size(); i++) {
            awaitProgress(watcher);
            Patience.sleep(Duration.ofMillis(random.nextInt(MAX_WAIT_MILLIS)));
            if (watcher.isDone()) {
                System.out.println("the run was over before the next kill");
                return;
            }
            Target target = PLAN.get(i);
            int before = watcher.seen().size();
            long start = System.nanoTime();
            int processes = target.kill(life.installation());
            kills += processes;
            life.installation().start();
            System.out.printf(
                    "%-4d %-11s %10d %16d %14.1f%n",
                    i + 1, target.name().toLowerCase(Locale.ROOT), processes, before, seconds(start));
        }
    }

    /** Waits until the run has trained further after all kills so far. */
    private static void awaitProgress(Watcher watcher) {
        int known = watcher.seen().size();
        while (!watcher.isDone()
                && watcher.seen().stream()
                        .skip(known)
                        .noneMatch(event -> event.getRunEvent().hasProgress())) {
            Patience.sleep(Duration.ofMillis(50));
        }
    }

    private Dataset dataset() {
        String source = life.upload(BenchmarkData.file("tinyshakespeare.txt"));
        life.trainTokenizer("tokenizers/kill", 1024, PreTokenizer.PRE_TOKENIZER_GPT2, List.of(source));
        return life.prepare(PrepareDatasetRequest.newBuilder()
                .setName("datasets/kill")
                .setKind(DatasetKind.DATASET_KIND_PRETRAINING)
                .setTokenizer("tokenizers/kill")
                .addSources(DatasetSource.newBuilder().setName("shakespeare").setDigest(source))
                .setSplitInOrder(true)
                .setSplits(SplitFractions.newBuilder().setTrain(0.9).setValidation(0.1))
                .setSeed(SEED)
                .build());
    }

    /** Both runs register a version of one model, whose name is in the exported files. */
    private static JobSpec spec(Dataset dataset) {
        return JobSpec.newBuilder()
                .setTask(Task.TASK_PRETRAIN)
                .setDataset(dataset.getName())
                .setOutputModel("models/kill")
                .setArchitecture(Architecture.newBuilder().setDepth(3).setContextLength(128))
                .setHyperparameters(Hyperparameters.newBuilder()
                        .setTokens(TOKENS)
                        .setCheckpointInterval(STEPS_BETWEEN_CHECKPOINTS)
                        .setThreads(2)
                        .setSeed(SEED))
                .build();
    }

    private Job createJob(JobSpec spec) {
        CreateJobRequest request = CreateJobRequest.newBuilder()
                .setSpec(spec)
                .setRequestId(UUID.randomUUID().toString())
                .build();
        return patience.call(clients -> clients.jobs().createJob(request).getJob());
    }

    private Job job(String name) {
        GetJobRequest request = GetJobRequest.newBuilder().setName(name).build();
        return patience.call(clients -> clients.jobs().getJob(request).getJob());
    }

    private Version version(String name) {
        GetVersionRequest request = GetVersionRequest.newBuilder().setName(name).build();
        return patience.call(clients -> clients.models().getVersion(request).getVersion());
    }

    /** Checks the versions of the two jobs, which were acknowledged by their state SUCCEEDED. */
    private int lostVersions(Job alone, Job killed) {
        int lost = 0;
        for (Job job : List.of(alone, killed)) {
            lost += job(job.getName()).getState() == JobState.JOB_STATE_SUCCEEDED ? 0 : 1;
            lost += !job.getVersion().isEmpty()
                            && version(job.getVersion()).getJob().equals(job.getName())
                    ? 0
                    : 1;
        }
        return lost;
    }

    private Set<String> digests(Job job) {
        return new HashSet<>(version(job.getVersion()).getArtifactsList().stream()
                .map(Artifact::getDigest)
                .toList());
    }

    /** Number of times that a worker resumed the run. */
    private static int resumed(List<JobEvent> events) {
        List<JobEvent> starts = new ArrayList<>(events);
        starts.removeIf(event -> !event.getRunEvent().hasResolved());
        return starts.size() - 1;
    }

    private static double finalLoss(Job job) {
        return Lifecycle.evaluation(job, "validation").getLoss();
    }

    private static String summary(Job job) {
        return job.getName() + " " + job.getState() + ", " + job.getProgress().getStep()
                + " steps, final validation loss " + (job.getEvaluationsCount() > 0 ? finalLoss(job) : Double.NaN);
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
