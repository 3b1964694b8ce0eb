package io.rootstock.trainer.run;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.collectives.MpiLauncher;
import io.rootstock.trainer.events.EventLog;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Precision;
import io.rootstock.trainer.v1.RunEvaluation;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.Task;
import io.rootstock.trainer.worker.Worker;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A home directory with an artifact store and a launcher of workers. */
public final class TrainerFixture {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    /** Native libraries are unpacked once, into a shared home; the measurements of this machine are shared too. */
    private static final Path SHARED = Path.of(System.getProperty("java.io.tmpdir"), "rootstock-test-home");

    private final Path home;
    private final ArtifactStore store;
    private final JavaWorkerLauncher launcher;

    /** Creates the fixture in an empty directory. */
    public TrainerFixture(Path home) {
        this.home = home;
        this.store = new DirectoryArtifactStore(home.resolve("artifacts"));
        this.launcher = new JavaWorkerLauncher(
                SHARED,
                home.resolve("artifacts"),
                "256m",
                List.of("-D" + Worker.CALIBRATION + "=" + SHARED),
                MpiLauncher.HYDRA);
    }

    /** The artifact store in the home directory. */
    public ArtifactStore store() {
        return store;
    }

    /** Launcher of workers with this home's artifacts. */
    public JavaWorkerLauncher launcher() {
        return launcher;
    }

    /** Directory of the run directories. */
    public Path runs() {
        return home.resolve("runs");
    }

    /** Spec of a model that trains in seconds, with a checkpoint every 5 of {@code steps} steps; not quantized. */
    public static RunSpec tiny(Digest dataset, int steps) {
        return RunSpec.newBuilder()
                .setTask(Task.TASK_PRETRAIN)
                .setDatasetDigest(dataset.value())
                .setSkipQuantizations(true)
                .setArchitecture(Architecture.newBuilder()
                        .setDepth(2)
                        .setDimension(32)
                        .setHeads(2)
                        .setContextLength(32))
                .setHyperparameters(Hyperparameters.newBuilder()
                        .setTokens(steps * 4L * 32)
                        .setBatchRows(4)
                        .setCheckpointInterval(5)
                        .setValidationInterval(20)
                        .setPrecision(Precision.PRECISION_FLOAT32)
                        .setThreads(2)
                        .setSeed(3))
                .build();
    }

    /** Creates a run directory with a spec, like the service does. */
    public RunDirectory folder(String runId, RunSpec spec) throws IOException {
        RunDirectory directory = new RunDirectory(Files.createDirectories(runs().resolve(runId)));
        directory.writeSpec(spec);
        return directory;
    }

    /** Runs a worker's code to its end without a process, which would take seconds to start; returns its exit code. */
    public int workInProcess(RunDirectory directory) throws IOException, InterruptedException {
        System.setProperty(Worker.CALIBRATION, SHARED.toString());
        return Worker.run(directory, home.resolve("artifacts"));
    }

    /** Runs a worker to its end; returns its exit code. */
    public int work(RunDirectory directory) throws InterruptedException {
        return work(directory, 1);
    }

    /** Runs a worker of several processes to its end; returns its exit code. */
    public int work(RunDirectory directory, int ranks) throws InterruptedException {
        return launcher.launch(directory, ranks).waitFor();
    }

    /** The last evaluation of a split. */
    public static RunEvaluation lastEvaluation(RunDirectory directory, String split) {
        return EventLog.readAll(directory.events()).stream()
                .filter(RunEvent::hasEvaluation)
                .map(RunEvent::getEvaluation)
                .filter(evaluation -> evaluation.getSplit().equals(split))
                .reduce((first, second) -> second)
                .orElseThrow(() -> new AssertionError("no evaluation; the worker's output: " + output(directory)));
    }

    /** Waits until the condition is true; fails with the worker's output after a timeout. */
    public static void await(RunDirectory directory, BooleanSupplier condition) throws InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("waited for too long; the worker's output: " + output(directory) + "; events: "
                        + EventLog.readAll(directory.events()));
            }
            Thread.sleep(5);
        }
    }

    /** Returns the worker's output, outcome and crash reports. */
    public static String output(RunDirectory directory) {
        try {
            String printed = Files.exists(directory.workerErrors()) ? Files.readString(directory.workerErrors()) : "";
            return printed
                    + WorkerOutcome.read(directory).map(WorkerOutcome::toString).orElse("")
                    + crashes(directory);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /**
     * Returns the first lines of the JVM's crash reports (signal, frames, registers), which are deleted with the test's
     * directory.
     */
    private static String crashes(RunDirectory directory) throws IOException {
        StringBuilder reports = new StringBuilder();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.path(), "crash-*.log")) {
            for (Path file : files) {
                try (Stream<String> lines = Files.lines(file)) {
                    lines.limit(150).forEach(line -> reports.append(line).append('\n'));
                }
            }
        }
        return reports.toString();
    }
}
