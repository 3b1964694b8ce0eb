package io.rootstock.bench.data;

import io.rootstock.bench.CpuTime;
import io.rootstock.corpus.worker.CorpusWorker;
import io.rootstock.corpus.worker.WorkerJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A finished worker process of a recipe.
 *
 * @param cpuSeconds CPU time of the process, the start of its JVM included
 * @param seconds wall time
 * @param peakMegabytes largest resident set, in MB
 */
record WorkerRun(double cpuSeconds, double seconds, double peakMegabytes) {
    private static final int POLL_MILLISECONDS = 50;

    /**
     * Runs a recipe of a folder in a process of its own.
     *
     * @param folder folder of {@code recipe.yaml} and all files that it names
     * @param recipe name of the recipe's file
     * @param workspace work directory; need not exist
     * @param heap maximum heap, as {@code -Xmx} states it
     */
    static WorkerRun run(Path folder, String recipe, Path workspace, int threads, String heap)
            throws IOException, InterruptedException {
        Path job = folder.resolve("job.json");
        new WorkerJob(
                        folder.resolve(recipe).toString(),
                        folder.toString(),
                        List.of(folder.toString()),
                        workspace.toString(),
                        threads,
                        64)
                .write(job);
        Path log = folder.resolve("worker.log");
        double cpu = CpuTime.own();
        long start = System.nanoTime();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + heap,
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CorpusWorker.class.getName(),
                        job.toString())
                .redirectOutput(log.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        double own = CpuTime.own() - cpu;
        long peak = 0;
        while (!process.waitFor(POLL_MILLISECONDS, TimeUnit.MILLISECONDS)) {
            peak = Math.max(peak, peakKilobytes(process.pid()));
        }
        if (process.exitValue() != CorpusWorker.FINISHED) {
            throw new IOException("the worker failed: " + Files.readString(log));
        }
        // This process polls meanwhile, which costs about a hundredth of a second for each second.
        return new WorkerRun(CpuTime.own() - cpu - own, (System.nanoTime() - start) / 1e9, peak * 1024 / 1e6);
    }

    private static long peakKilobytes(long pid) throws IOException {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(0);
        } catch (java.nio.file.NoSuchFileException | java.io.UncheckedIOException _) {
            return 0;
        }
    }
}
