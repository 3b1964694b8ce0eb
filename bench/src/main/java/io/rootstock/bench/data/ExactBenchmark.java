package io.rootstock.bench.data;

import io.rootstock.bench.BenchmarkData;
import io.rootstock.corpus.worker.CorpusWorker;
import io.rootstock.corpus.worker.WorkerJob;
import io.rootstock.files.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One recipe over one raw corpus with several threads, buckets, and workers that are killed at random moments and resumed:
 * every output file must be equal byte for byte. Prints {@code configurations= differing_digests= killed_workers=}.
 */
public final class ExactBenchmark {
    private static final long BYTES = 2_000_000_000;
    private static final long QUICK_BYTES = 60_000_000;
    private static final int KILLS = 20;
    private static final int QUICK_KILLS = 4;
    private static final int RESUMED_THREADS = 2;

    private final Path folder;
    private final Set<String> digests = new HashSet<>();
    private int configurations;
    private int killed;

    private ExactBenchmark(Path folder) {
        this.folder = folder;
    }

    /** Entry point; {@code --quick} takes 60 MB instead of 2 GB and kills four workers instead of twenty. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        boolean quick = List.of(arguments).contains("--quick");
        Path folder = Files.createTempDirectory("rootstock-data-");
        try {
            RawCorpus corpus = new RawCorpus(folder, quick ? QUICK_BYTES : BYTES);
            RawCorpus.Planted planted =
                    corpus.write(LinePool.read(BenchmarkData.file("books").getParent()));
            System.out.println("corpus: " + planted);
            new ExactBenchmark(folder).run(quick ? QUICK_KILLS : KILLS);
        } finally {
            FileTree.delete(folder);
        }
    }

    private void run(int kills) throws IOException, InterruptedException {
        double seconds = 0;
        for (int[] configuration : new int[][] {{1, 16}, {2, 16}, {2, 64}}) {
            long start = System.nanoTime();
            Process worker = start(configuration[0], configuration[1]);
            if (worker.waitFor() != CorpusWorker.FINISHED) {
                throw new IOException("the worker failed, see its output above");
            }
            seconds = (System.nanoTime() - start) / 1e9;
            compare("threads=" + configuration[0] + " buckets=" + configuration[1], seconds);
        }
        long start = System.nanoTime();
        runKilled(kills, seconds);
        compare(
                "threads=" + RESUMED_THREADS + " buckets=16, killed " + killed + " times",
                (System.nanoTime() - start) / 1e9);
        System.out.println("configurations=" + configurations);
        System.out.println("differing_digests=" + (digests.size() - 1));
        System.out.println("killed_workers=" + killed);
    }

    /** Kills workers after random parts of the time of a whole run, divided by the number of kills, until one has finished. */
    private void runKilled(int kills, double seconds) throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(7);
        while (true) {
            Process worker = start(RESUMED_THREADS, 16);
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

    private Process start(int threads, int buckets) throws IOException {
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
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CorpusWorker.class.getName(),
                        job.toString())
                .redirectOutput(folder.resolve("worker.log").toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Compares the outputs with those of the configurations before, and deletes the work directory. */
    private void compare(String configuration, double seconds) throws IOException {
        String digest = digest(folder.resolve("work"));
        configurations++;
        digests.add(digest);
        System.out.printf(Locale.ROOT, "%-45s %7.1f s  %s%n", configuration, seconds, digest.substring(0, 16));
        FileTree.delete(folder.resolve("work"));
    }

    private static String digest(Path work) throws IOException {
        MessageDigest sha256 = sha256();
        List<Path> files = new ArrayList<>();
        for (String name : List.of("corpus.json", "manifest.json", "report.json", "dataset.json", "shards.json")) {
            files.add(work.resolve(name));
        }
        for (String directory : List.of("output", "shards")) {
            try (Stream<Path> outputs = Files.list(work.resolve(directory))) {
                outputs.sorted().forEach(files::add);
            }
        }
        for (Path file : files) {
            sha256.update(file.getFileName().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
            sha256.update(sha256().digest(Files.readAllBytes(file)));
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
