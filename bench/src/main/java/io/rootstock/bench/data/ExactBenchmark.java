package io.rootstock.bench.data;

import io.rootstock.bench.BenchmarkData;
import io.rootstock.corpus.worker.CorpusWorker;
import io.rootstock.corpus.worker.SparkCommand;
import io.rootstock.corpus.worker.WorkerJob;
import io.rootstock.files.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * One recipe over one raw corpus with several threads, buckets, and workers that are killed at random moments and resumed; on
 * Spark in one process, and on a Spark cluster whose worker is killed: every output file must be equal byte for byte. Prints
 * {@code configurations= differing_digests= killed_workers=}, and Spark's CPU time over the local engine's, both without their
 * starts.
 */
public final class ExactBenchmark {
    private static final long MEGABYTES = 2_000;
    private static final long QUICK_MEGABYTES = 60;
    private static final int KILLS = 20;
    private static final int QUICK_KILLS = 4;
    private static final int RESUMED_THREADS = 2;
    private static final String HEAP = "1g";

    private final Path folder;
    private final SparkCommand spark;
    private final Path libraries;
    private final Set<String> digests = new HashSet<>();
    private int configurations;
    private int killed;

    private ExactBenchmark(Path folder, Path sparkOutputs) throws IOException {
        this.folder = folder;
        this.spark = SparkCommand.of(sparkOutputs);
        this.libraries = sparkOutputs.resolve("lib").toAbsolutePath();
    }

    /**
     * Entry point; {@code --quick} takes 60 MB instead of 2 GB, kills four workers instead of twenty and starts no cluster. A
     * number is another size in MB.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        boolean quick = List.of(arguments).contains("--quick");
        long megabytes = List.of(arguments).stream()
                .filter(argument -> argument.matches("\\d+"))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(quick ? QUICK_MEGABYTES : MEGABYTES);
        Path folder = Files.createTempDirectory("rootstock-data-");
        try {
            RawCorpus corpus = new RawCorpus(folder, megabytes * 1_000_000);
            RawCorpus.Planted planted =
                    corpus.write(LinePool.read(BenchmarkData.file("books").getParent()));
            System.out.println("corpus: " + planted);
            Path outputs = Path.of(System.getProperty("rootstock.root"), "corpus-spark", "target");
            new ExactBenchmark(folder, outputs).run(quick);
        } finally {
            FileTree.delete(folder);
        }
    }

    private void run(boolean quick) throws IOException, InterruptedException {
        run("threads=1 buckets=16", local(1, 16));
        WorkerRun local = run("threads=2 buckets=16", local(2, 16));
        run("threads=2 buckets=64", local(2, 64));
        long start = System.nanoTime();
        runKilled(quick ? QUICK_KILLS : KILLS, local.seconds());
        double seconds = (System.nanoTime() - start) / 1e9;
        compare(
                "threads=%d buckets=16, killed %d times".formatted(RESUMED_THREADS, killed),
                String.format(Locale.ROOT, "%7.1f s", seconds));
        WorkerRun onSpark = run("spark local[2] buckets=16", sparkLocal(16));
        if (!quick) {
            runCluster("read");
            runCluster("similar-pairs");
        }
        double ratio = ratio(local, onSpark);
        System.out.println("configurations=" + configurations);
        System.out.println("differing_digests=" + (digests.size() - 1));
        System.out.println("killed_workers=" + killed);
        System.out.printf(Locale.ROOT, "spark_cpu_ratio=%.2f%n", ratio);
    }

    /** Kills workers after random parts of the time of a whole run, divided by the number of kills, until one has finished. */
    private void runKilled(int kills, double seconds) throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(7);
        while (true) {
            Process worker = local(RESUMED_THREADS, 16)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            long patience = killed < kills
                    ? (long) (1000 * (1 + random.nextDouble(2 * seconds / kills)))
                    : TimeUnit.HOURS.toMillis(2);
            if (worker.waitFor(patience, TimeUnit.MILLISECONDS)) {
                if (worker.exitValue() != CorpusWorker.FINISHED) {
                    throw new IOException("the resumed worker failed, see its output above");
                }
                return;
            }
            worker.destroyForcibly().waitFor();
            killed++;
        }
    }

    /** Runs the recipe on two Spark workers of which one is killed when a third of a stage is done. */
    private void runCluster(String stage) throws IOException, InterruptedException {
        KillMoment moment = new KillMoment(stage);
        try (SparkCluster cluster =
                SparkCluster.start(spark, libraries, Files.createDirectory(folder.resolve("cluster")))) {
            WorkerRun run = WorkerRun.of(cluster.submit(job(2, 16)).redirectError(inherit()), line -> {
                if (moment.isReached(line)) {
                    cluster.killWorker();
                    killed++;
                }
            });
            if (!moment.hasPassed()) {
                throw new IOException("stage " + stage + " was not seen; no worker was killed");
            }
            compare("spark standalone, killed in " + stage, String.format(Locale.ROOT, "%7.1f s", run.seconds()));
        } finally {
            FileTree.delete(folder.resolve("cluster"));
        }
    }

    /** CPU time on Spark over CPU time on the local engine, each without the time for a corpus of one document. */
    private double ratio(WorkerRun local, WorkerRun onSpark) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("one.jsonl"), "{\"text\":\"One document.\"}\n");
        Files.writeString(folder.resolve("recipe.yaml"), """
                version: 1
                sources: [{name: one, files: one.jsonl}]
                steps: [exact-duplicates, near-duplicates]
                tokenizer: tokenizers/one
                """);
        WorkerRun localStart = WorkerRun.of(local(2, 16), line -> {});
        FileTree.delete(folder.resolve("work"));
        WorkerRun sparkStart = WorkerRun.of(sparkLocal(16), line -> {});
        System.out.printf("%-45s %s%n%-45s %s%n", "start, threads=2", localStart, "start, spark local[2]", sparkStart);
        return (onSpark.cpuSeconds() - sparkStart.cpuSeconds()) / (local.cpuSeconds() - localStart.cpuSeconds());
    }

    private WorkerRun run(String configuration, ProcessBuilder command) throws IOException, InterruptedException {
        WorkerRun run = WorkerRun.of(command, line -> {});
        compare(configuration, run.toString());
        return run;
    }

    private ProcessBuilder local(int threads, int buckets) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + HEAP,
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CorpusWorker.class.getName(),
                        job(threads, buckets).toString())
                .redirectError(inherit());
    }

    private ProcessBuilder sparkLocal(int buckets) throws IOException {
        return spark.submit("local[2]", HEAP, Map.of("spark.log.level", "ERROR"), job(2, buckets))
                .redirectError(inherit());
    }

    private static ProcessBuilder.Redirect inherit() {
        return ProcessBuilder.Redirect.INHERIT;
    }

    private Path job(int threads, int buckets) throws IOException {
        Path job = folder.resolve("job.json");
        new WorkerJob(
                        folder.resolve("recipe.yaml").toString(),
                        folder.toString(),
                        List.of(folder.toString()),
                        folder.resolve("work").toString(),
                        threads,
                        buckets,
                        folder.resolve(RawCorpus.TOKENIZER).toString())
                .write(job);
        return job;
    }

    /** Compares the outputs with those of the configurations before, and deletes the work directory. */
    private void compare(String configuration, String costs) throws IOException {
        String digest = OutputDigest.of(folder.resolve("work"));
        configurations++;
        digests.add(digest);
        System.out.printf("%-45s %s  %s%n", configuration, digest.substring(0, 16), costs);
        FileTree.delete(folder.resolve("work"));
    }
}
