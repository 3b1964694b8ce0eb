package io.rootstock.trainer.worker;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.CorruptArtifactException;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.trainer.checkpoint.Checkpoints;
import io.rootstock.trainer.data.Corpus;
import io.rootstock.trainer.estimate.Calibration;
import io.rootstock.trainer.estimate.DeviceTable;
import io.rootstock.trainer.events.EventLog;
import io.rootstock.trainer.export.Exporter;
import io.rootstock.trainer.export.VariantExport;
import io.rootstock.trainer.plan.RefusedSpecException;
import io.rootstock.trainer.run.JavaWorkerLauncher;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.run.WorkerLock;
import io.rootstock.trainer.run.WorkerOutcome;
import io.rootstock.trainer.v1.Artifact;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Main class of a worker process: {@code Worker <run folder> <artifact store>}.
 *
 * <p>Exit codes are {@link WorkerOutcome.Kind}'s; 5: another worker holds the run; 1: a crash, to be started again.
 * SIGTERM ends it after the step it is in, with a checkpoint.
 */
public final class Worker {
    /** System property that names a device price table in place of the shipped one. */
    public static final String DEVICE_TABLE = "rootstock.trainer.device-table";

    /** System property that names the folder where measurements of this machine are kept, for all runs. */
    public static final String CALIBRATION = "rootstock.trainer.calibration";

    private static final int HELD_BY_ANOTHER = 5;
    private static final int CRASHED = 1;
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(5);
    /** Longest wait of a signalled process for its checkpoint. */
    private static final long STOP_SECONDS = 600;

    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopRequested;
    private volatile int exitCode = CRASHED;

    private Worker() {}

    /** Runs until the run ends, is stopped, or fails. */
    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length != 2) {
            System.err.println("usage: Worker <run folder> <artifact store>");
            System.exit(2);
        }
        Worker worker = new Worker();
        Runtime.getRuntime().addShutdownHook(new Thread(worker::stop, "stop"));
        try {
            worker.exitCode = worker.work(new RunDirectory(Path.of(arguments[0])), Path.of(arguments[1]));
        } catch (RuntimeException | Error e) {
            e.printStackTrace(System.err);
            // The service shows the last lines.
            System.err.println("died of "
                    + e.toString().lines().findFirst().orElse(e.getClass().getName()));
        } finally {
            worker.ended.countDown();
        }
        System.exit(worker.exitCode);
    }

    /** Runs in the shutdown hook: after a signal the process lives until its checkpoint is written. */
    private void stop() {
        stopRequested = true;
        try {
            if (ended.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(exitCode);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int work(RunDirectory directory, Path store) throws InterruptedException {
        Optional<WorkerLock> lock = WorkerLock.acquire(directory.lock(), LOCK_PATIENCE);
        if (lock.isEmpty()) {
            System.err.println("another worker holds " + directory.lock());
            return HELD_BY_ANOTHER;
        }
        try (WorkerLock held = lock.get();
                EventLog events = EventLog.open(directory.events());
                RunLog log = new RunLog(events, directory.figures())) {
            WorkerOutcome outcome = outcome(directory, new DirectoryArtifactStore(store), log);
            if (held.isValid()) {
                outcome.write(directory);
            }
            return outcome.kind().exitCode();
        }
    }

    private WorkerOutcome outcome(RunDirectory directory, ArtifactStore store, RunLog log) {
        try {
            if (Exporter.exported(directory)) {
                return succeeded();
            }
            DeviceTable devices = DeviceTable.load(
                    Optional.ofNullable(System.getProperty(DEVICE_TABLE)).map(Path::of));
            PreparedRun run = PreparedRun.prepare(directory, store, devices, calibration(directory));
            return train(directory, store, run, log);
        } catch (RefusedSpecException | NoSuchArtifactException | CorruptArtifactException e) {
            return new WorkerOutcome(WorkerOutcome.Kind.FAILED, String.valueOf(e.getMessage()));
        }
    }

    private static Calibration calibration(RunDirectory directory) {
        Path folder = Optional.ofNullable(System.getProperty(CALIBRATION))
                .map(Path::of)
                .orElse(directory.path());
        return Calibration.in(folder, JavaWorkerLauncher.likeThis(directory.work()));
    }

    private WorkerOutcome train(RunDirectory directory, ArtifactStore store, PreparedRun run, RunLog log) {
        Map<String, Corpus> splits = new LinkedHashMap<>();
        try (TrainedModel model = TrainedModel.create(run)) {
            for (String split : List.of(DatasetManifest.TRAIN, DatasetManifest.VALIDATION, DatasetManifest.TEST)) {
                splits.put(split, Corpus.open(store, run.manifest(), split));
            }
            Checkpoints checkpoints = new Checkpoints(directory.checkpoints());
            TrainingRun training = new TrainingRun(run, model, splits, checkpoints, log, () -> stopRequested);
            Optional<WorkerOutcome> early = training.train();
            if (early.isPresent()) {
                return early.get();
            }
            return export(directory, store, run, model, training, log);
        } finally {
            splits.values().forEach(Corpus::close);
        }
    }

    private WorkerOutcome export(
            RunDirectory directory,
            ArtifactStore store,
            PreparedRun run,
            TrainedModel model,
            TrainingRun training,
            RunLog log) {
        try {
            List<Artifact> artifacts = new ArrayList<>(
                    new Exporter(directory, store).export(run.exported(model.tensors(), model.adapter())));
            Optional<VariantExport.Made> variants = new VariantExport(
                            store, run.values().getThreads(), () -> !stopRequested)
                    .export(artifacts, training.heldOut(), directory.work().resolve("variants"));
            if (variants.isEmpty()) {
                return new WorkerOutcome(WorkerOutcome.Kind.STOPPED, "stopped while the trained model was exported");
            }
            variants.get().messages().forEach(log::message);
            training.tell(variants.get().metrics());
            artifacts.addAll(variants.get().artifacts());
            log.artifacts(artifacts);
            return succeeded();
        } catch (RuntimeException e) {
            if (!FullDisk.isCauseOf(e)) {
                throw e;
            }
            long bytes = 4 * Float.BYTES * run.resolved().getEstimate().getParameters();
            return new WorkerOutcome(
                    WorkerOutcome.Kind.FAILED,
                    "the model is trained, but its files cannot be written: " + e.getMessage() + "; free about " + bytes
                            + " bytes for " + directory.work() + " and the artifact store and resume the run, which "
                            + "goes on from its newest checkpoint");
        }
    }

    private static WorkerOutcome succeeded() {
        return new WorkerOutcome(WorkerOutcome.Kind.SUCCEEDED, "finished");
    }
}
