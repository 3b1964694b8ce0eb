package io.rootstock.bench.storm;

import io.rootstock.bench.kill.Ledger;
import io.rootstock.bench.kill.Patience;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Upload;
import io.rootstock.files.FileTree;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.WatchJobRequest;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.GetDatasetRequest;
import io.rootstock.tokenizer.v1.PreTokenizer;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.TrainTokenizerRequest;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Random faults while jobs run, versions are promoted and files are uploaded: kill -9, SIGTERM and SIGSTOP of services,
 * workers, PostgreSQL and the S3 server, partitions, full disks, and errors of the S3 server. Prints every fault with its
 * time, then {@code faults= lost= holes= unresumed= double_workers=}; {@link Findings.Kind} defines them.
 */
public final class StormBenchmark {
    private static final int FAULTS = 200;
    private static final int QUICK_FAULTS = 20;
    private static final long SEED = 1337;
    private static final int SPECS = 3;
    private static final int DOCUMENTS = 1500;
    private static final int VOCABULARY = 384;
    private static final int CONTEXT = 128;
    private static final int ROWS = 8;
    private static final int STEPS = 300;
    private static final int STEPS_BETWEEN_CHECKPOINTS = 20;
    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final Duration CALL_LIMIT = Duration.ofMinutes(5);
    private static final Duration END_LIMIT = Duration.ofMinutes(8);

    private final Cluster cluster;
    private final Path home;
    private final Clients first;
    private final Clients second;
    private final Patience patience;
    private final Findings findings = new Findings();

    private StormBenchmark(Cluster cluster, Path home) {
        this.cluster = cluster;
        this.home = home;
        this.first = cluster.clients(Place.REGISTRY_1);
        this.second = cluster.clients(Place.REGISTRY_2);
        this.patience = new Patience(CALL_LIMIT, first, second);
    }

    /** Entry point: {@code [--quick] [--faults N] [--seed N]}. */
    public static void main(String[] arguments) throws IOException {
        List<String> options = List.of(arguments);
        int count = number(options, "--faults", options.contains("--quick") ? QUICK_FAULTS : FAULTS);
        long seed = number(options, "--seed", SEED);
        boolean isolated = Boolean.getBoolean("rootstock.bench.isolated");
        Set<Fault.Kind> kinds = EnumSet.allOf(Fault.Kind.class);
        if (!isolated) {
            kinds.removeIf(Fault.Kind::needsNamespaces);
            System.out.println("skipped: partitions and full disks (they need root, iproute2 and namespaces)");
        }
        Path home = Files.createTempDirectory("rootstock-storm-");
        boolean found;
        try (Cluster cluster = new Cluster(home, new Network(isolated))) {
            System.out.println("seed " + seed + ", logs in " + home.resolve("logs"));
            Findings findings =
                    new StormBenchmark(cluster, home).run(Fault.sequence(count, kinds, new Random(seed)), seed);
            System.out.printf("faults=%d%n", count);
            System.out.printf("lost=%d%n", findings.count(Findings.Kind.LOST));
            System.out.printf("holes=%d%n", findings.count(Findings.Kind.HOLES));
            System.out.printf("unresumed=%d%n", findings.count(Findings.Kind.UNRESUMED));
            System.out.printf("double_workers=%d%n", findings.count(Findings.Kind.DOUBLE_WORKERS));
            found = Stream.of(Findings.Kind.values()).anyMatch(kind -> findings.count(kind) > 0);
            if (found) {
                cluster.keepRuns();
                System.out.println("logs and runs are kept in " + home);
            }
        }
        if (!found) {
            FileTree.delete(home);
        }
    }

    private Findings run(List<Fault> faults, long seed) throws IOException {
        long start = System.nanoTime();
        Dataset dataset = dataset();
        System.out.printf("the services run and a dataset is prepared after %.0f s%n", seconds(start));
        Map<Long, Reference> references = new HashMap<>();
        List<JobSpec> specs = new ArrayList<>();
        List<Version> versions = new ArrayList<>();
        for (int i = 0; i < SPECS; i++) {
            JobSpec spec = spec(dataset, i + 1);
            start = System.nanoTime();
            Job job = train(spec);
            System.out.printf("undisturbed run with seed %d: %.1f s%n", i + 1, seconds(start));
            references.put(spec.getHyperparameters().getSeed(), Reference.of(patience, cluster.runs(), job));
            specs.add(spec);
            versions.add(patience.call(clients -> clients.models()
                    .getVersion(GetVersionRequest.newBuilder()
                            .setName(job.getVersion())
                            .build())
                    .getVersion()));
        }
        Storm storm = new Storm(cluster);
        start = System.nanoTime();
        Promotions promotions = new Promotions(
                patience,
                versions.stream().map(Version::getName).toList(),
                List.of(cluster.clients(Place.REGISTRY_1), cluster.clients(Place.REGISTRY_2)));
        Uploads uploads = new Uploads(patience, home);
        TrainingJobs jobs = new TrainingJobs(patience, findings, storm::diskWasFull, specs, new Random(seed));
        try (Observer observer = new Observer(cluster, findings);
                Ledger ledger = new Ledger(patience, versions.getFirst(), List.of(dataset))) {
            storm.carryOut(faults);
            System.out.printf("the last fault is healed after %.0f s%n", seconds(start));
            ledger.finish();
            promotions.finish();
            uploads.finish();
            jobs.finish(END_LIMIT);
            System.out.printf("all jobs have ended after %.0f s%n", seconds(start));
            System.out.println(jobs.summary());
            System.out.println(observer.samples());
            jobs.check(cluster, references);
            promotions.check(findings);
            uploads.check(cluster.store(), findings);
            int lost = ledger.lost();
            if (lost > 0) {
                findings.add(Findings.Kind.LOST, lost + " versions and alias moves");
            }
            System.out.printf(
                    "acknowledged and checked: %d jobs and events, %d versions and alias moves, %d promotions, %d uploads%n",
                    jobs.acknowledged(), ledger.acknowledged(), promotions.acknowledged(), uploads.acknowledged());
        }
        for (Place place : Place.values()) {
            if (cluster.node(place).exits() > 0) {
                System.out.printf(
                        "%s ended by itself %d times%n",
                        place.label(), cluster.node(place).exits());
            }
        }
        return findings;
    }

    private Dataset dataset() throws IOException {
        List<String> rows = IntStream.range(0, DOCUMENTS)
                .mapToObj(i -> "{\"text\": \"The " + i % 7 + "th house of street " + i % 97 + " has number "
                        + i * i % 1009 + ".\"}")
                .toList();
        Path file = Files.write(home.resolve("rows.jsonl"), rows);
        Patience starting = new Patience(START_LIMIT, first, second);
        String digest =
                starting.call(clients -> Upload.send(clients, file, bytes -> {}).getDigest());
        first.tokenizers()
                .trainTokenizer(TrainTokenizerRequest.newBuilder()
                        .setName("tokenizers/storm")
                        .setVocabularySize(VOCABULARY)
                        .setPreTokenizer(PreTokenizer.PRE_TOKENIZER_GPT2)
                        .addSourceDigests(digest)
                        .build())
                .forEachRemaining(answer -> {});
        first.datasets()
                .prepareDataset(PrepareDatasetRequest.newBuilder()
                        .setName("datasets/storm")
                        .setKind(DatasetKind.DATASET_KIND_PRETRAINING)
                        .setTokenizer("tokenizers/storm")
                        .addSources(DatasetSource.newBuilder().setName("rows").setDigest(digest))
                        .build())
                .forEachRemaining(answer -> {});
        return first.datasets()
                .getDataset(
                        GetDatasetRequest.newBuilder().setName("datasets/storm").build())
                .getDataset();
    }

    private static JobSpec spec(Dataset dataset, long seed) {
        return JobSpec.newBuilder()
                .setTask(Task.TASK_PRETRAIN)
                .setDataset(dataset.getName())
                .setOutputModel("models/storm")
                .setArchitecture(Architecture.newBuilder()
                        .setDepth(1)
                        .setDimension(64)
                        .setHeads(2)
                        .setContextLength(CONTEXT))
                .setHyperparameters(Hyperparameters.newBuilder()
                        .setTokens((long) ROWS * CONTEXT * STEPS)
                        .setBatchRows(ROWS)
                        .setCheckpointInterval(STEPS_BETWEEN_CHECKPOINTS)
                        .setThreads(1)
                        .setSeed(seed))
                .build();
    }

    private Job train(JobSpec spec) {
        CreateJobRequest request = CreateJobRequest.newBuilder()
                .setSpec(spec)
                .setRequestId("undisturbed-" + spec.getHyperparameters().getSeed())
                .build();
        Job job = patience.call(clients -> clients.jobs().createJob(request).getJob());
        first.jobs()
                .watchJob(WatchJobRequest.newBuilder().setName(job.getName()).build())
                .forEachRemaining(event -> {});
        Job ended = patience.call(clients -> clients.jobs()
                .getJob(GetJobRequest.newBuilder().setName(job.getName()).build())
                .getJob());
        if (ended.getState() != JobState.JOB_STATE_SUCCEEDED) {
            throw new IllegalStateException(ended.getName() + " ended " + ended.getState() + ": " + ended.getMessage());
        }
        return ended;
    }

    private static int number(List<String> options, String name, long absent) {
        int position = options.indexOf(name);
        return position < 0 ? (int) absent : Integer.parseInt(options.get(position + 1));
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
