package io.rootstock.bench.data;

import io.rootstock.bench.CpuTime;
import io.rootstock.corpus.worker.CorpusWorker;
import io.rootstock.corpus.worker.WorkerJob;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Costs of a worker process that has finished.
 *
 * @param seconds time from its start to its end
 * @param cpuSeconds user and system time
 * @param peakMegabytes largest resident memory, as Linux counts it (VmHWM)
 */
record WorkerRun(double seconds, double cpuSeconds, double peakMegabytes) {
    /** Receives each line of a worker's output. */
    @FunctionalInterface
    interface Lines {
        void line(String line) throws IOException, InterruptedException;
    }

    /** Runs a worker to its end; throws {@link IOException} with its last line if it did not finish its job. */
    static WorkerRun of(ProcessBuilder command, Lines lines) throws IOException, InterruptedException {
        double cpu = CpuTime.own();
        long start = System.nanoTime();
        Process worker = command.redirectOutput(ProcessBuilder.Redirect.PIPE).start();
        long peak = 0;
        String last = "";
        try (BufferedReader output = worker.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                peak = Math.max(peak, peak(worker.pid()));
                last = line;
                lines.line(line);
            }
        } finally {
            worker.destroyForcibly();
        }
        int status = worker.waitFor();
        if (status != CorpusWorker.FINISHED) {
            throw new IOException("the worker exited with status " + status + ": " + last);
        }
        return new WorkerRun((System.nanoTime() - start) / 1e9, CpuTime.own() - cpu, peak * 1024 / 1e6);
    }

    /**
     * Runs a recipe of a folder with the local engine.
     *
     * @param folder folder of the recipe and all files that it names
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
        return run(job, heap);
    }

    /** Runs a job with the local engine. */
    static WorkerRun run(Path job, String heap) throws IOException, InterruptedException {
        return of(
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-Xmx" + heap,
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                CorpusWorker.class.getName(),
                                job.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT),
                line -> {});
    }

    /** Kibibytes; 0 if the process has ended. */
    private static long peak(long pid) throws IOException {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%7.1f s %7.1f CPU s %6.0f MB", seconds, cpuSeconds, peakMegabytes);
    }
}
