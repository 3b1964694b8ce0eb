package io.rootstock.bench.data;

import io.rootstock.bench.BenchmarkData;
import io.rootstock.corpus.worker.WorkerJob;
import io.rootstock.files.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One recipe in a process of this machine and on Spark in a Kubernetes cluster, where an executor's pod is killed while sources are
 * read, and while similar documents are found: every output file must be equal. Prints {@code executors= killed_executors=
 * differing_digests=}.
 */
public final class KubernetesBenchmark {
    private static final long MEGABYTES = 200;
    private static final int BUCKETS = 16;
    private static final int EXECUTORS = 2;
    private static final List<String> STAGES = List.of("read", "similar-pairs");

    private final Path folder;
    private final DriverPod driver;
    private final Set<String> digests = new HashSet<>();
    private int killed;

    private KubernetesBenchmark(Path folder, DriverPod driver) {
        this.folder = folder;
        this.driver = driver;
    }

    /** Arguments: the directory of the claim {@code corpora} on this machine, the command of kubectl, optionally megabytes. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path shared = Path.of(arguments[0]);
        Path folder = Files.createTempDirectory(shared, "corpus-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        try {
            long megabytes = arguments.length > 2 ? Long.parseLong(arguments[2]) : MEGABYTES;
            RawCorpus corpus = new RawCorpus(folder, megabytes * 1_000_000);
            System.out.println("corpus: "
                    + corpus.write(LinePool.read(BenchmarkData.file("books").getParent())));
            DriverPod driver = new DriverPod(List.of(arguments[1].split(" ")), EXECUTORS);
            new KubernetesBenchmark(folder, driver).run();
        } finally {
            FileTree.delete(folder);
        }
    }

    private void run() throws IOException, InterruptedException {
        compare("threads=2", WorkerRun.run(job(folder), "1g").toString());
        // Pods run as another user.
        Path work = folder.resolve("work");
        Path mount = DriverPod.CORPORA.resolve(folder.getFileName());
        job(mount);
        for (String stage : STAGES) {
            Files.createDirectory(work);
            Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxrwxrwx"));
            KillMoment moment = new KillMoment(stage);
            double seconds = driver.run(mount.resolve("job.json"), line -> {
                if (moment.isReached(line)) {
                    driver.killExecutor();
                    killed++;
                }
            });
            if (!moment.hasPassed()) {
                throw new IOException("stage " + stage + " was not seen; no executor was killed");
            }
            compare("spark on Kubernetes, killed in " + stage, "%7.1f s".formatted(seconds));
        }
        System.out.println("executors=" + EXECUTORS);
        System.out.println("killed_executors=" + killed);
        System.out.println("differing_digests=" + (digests.size() - 1));
    }

    /** Writes the job with the paths of a process that sees the folder at another place. */
    private Path job(Path seen) throws IOException {
        Path job = folder.resolve("job.json");
        new WorkerJob(
                        seen.resolve("recipe.yaml").toString(),
                        seen.toString(),
                        List.of(seen.toString()),
                        seen.resolve("work").toString(),
                        2,
                        BUCKETS,
                        seen.resolve(RawCorpus.TOKENIZER).toString())
                .write(job);
        return job;
    }

    private void compare(String configuration, String costs) throws IOException {
        String digest = OutputDigest.of(folder.resolve("work"));
        digests.add(digest);
        System.out.printf("%-45s %s  %s%n", configuration, digest.substring(0, 16), costs);
        FileTree.delete(folder.resolve("work"));
    }
}
