package io.rootstock.trainer.worker;

import com.google.protobuf.InvalidProtocolBufferException;
import io.rootstock.artifacts.ArtifactLocation;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.CorruptArtifactException;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.artifacts.UnreadableArtifactException;
import io.rootstock.collectives.Collectives;
import io.rootstock.collectives.EngineMissingException;
import io.rootstock.collectives.MpiCollectives;
import io.rootstock.collectives.MpiLauncher;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.files.FileTree;
import io.rootstock.files.FullDisk;
import io.rootstock.sandbox.SandboxMode;
import io.rootstock.trainer.checkpoint.Checkpoints;
import io.rootstock.trainer.data.Corpus;
import io.rootstock.trainer.data.RowTexts;
import io.rootstock.trainer.estimate.Calibration;
import io.rootstock.trainer.estimate.DeviceTable;
import io.rootstock.trainer.events.EventLog;
import io.rootstock.trainer.export.Exporter;
import io.rootstock.trainer.export.Sample;
import io.rootstock.trainer.export.VariantExport;
import io.rootstock.trainer.plan.RefusedSpecException;
import io.rootstock.trainer.process.ProcessPriority;
import io.rootstock.trainer.run.JavaWorkerLauncher;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.run.WorkerLock;
import io.rootstock.trainer.run.WorkerOutcome;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.GgufFile;
import io.rootstock.trainer.v1.RunResolved;
import io.rootstock.trainer.v1.RunSpec;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Main class of a worker process: {@code Worker <run folder> <artifact store> <ranks>}. With more than one rank, an
 * {@link io.rootstock.collectives.MpiLauncher} starts that number of processes, or
 * {@link io.rootstock.collectives.MpiProxies} start one on each machine; rank 0 plans the run and writes its events, and if one
 * process fails, all of them end.
 *
 * <p>Exit codes are those of {@link WorkerOutcome.Kind}; 5: another worker holds the run's lock; 1: a crash, the run is
 * restarted. On SIGTERM the worker completes the current step, writes a checkpoint and exits.
 */
public final class Worker {
    /** System property with the path of a device price table that replaces the shipped one. */
    public static final String DEVICE_TABLE = "rootstock.trainer.device-table";

    /** System property with the address of an artifact store on another system; not set: the directory of the arguments. */
    public static final String ARTIFACTS_URL = "rootstock.trainer.artifacts-url";

    /** System property with the directory of the measurements of this machine, shared by all runs. */
    public static final String CALIBRATION = "rootstock.trainer.calibration";

    /** System property with the GGUF files that runs store by default, such as {@code F32,Q8_0}; not set: all. */
    public static final String QUANTIZATIONS = "rootstock.trainer.stored-quantizations";

    private static final int HELD_BY_ANOTHER = 5;
    private static final int CRASHED = 1;
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(5);
    /** Timeout for the checkpoint after a signal, in seconds. */
    private static final long STOP_SECONDS = 600;
    /** Time that other ranks wait for rank 0 to report an error that occurs on all ranks, in seconds. */
    private static final long REFUSAL_SECONDS = 30;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile int exitCode = CRASHED;

    private Worker() {}

    /** Runs until the run ends, is stopped, or fails. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length != 3) {
            System.err.println("usage: Worker <run folder> <artifact store> <ranks>");
            System.exit(2);
        }
        ProcessPriority.lower();
        Worker worker = new Worker();
        Runtime.getRuntime().addShutdownHook(new Thread(worker::stop, "stop"));
        int ranks = Integer.parseInt(arguments[2]);
        if (ranks > 1) {
            MpiLauncher.onLost(() -> {
                System.err.println("MPI's launcher has ended");
                Runtime.getRuntime().halt(CRASHED);
            });
        }
        try {
            worker.exitCode = worker.work(new RunDirectory(Path.of(arguments[0])), Path.of(arguments[1]), ranks);
        } catch (RuntimeException | Error e) {
            e.printStackTrace(System.err);
            // The service shows the last lines of the output.
            System.err.println("died of "
                    + e.toString().lines().findFirst().orElse(e.getClass().getName()));
        } finally {
            worker.ended.countDown();
        }
        System.exit(worker.exitCode);
    }

    /**
     * Works on a run in the caller's process, until the run ends or fails.
     *
     * @param store directory of the artifact store
     * @return the exit code that a process would end with
     */
    public static int run(RunDirectory directory, Path store) throws IOException, InterruptedException {
        return new Worker().work(directory, store, 1);
    }

    private boolean stopRequested() {
        return stop.getCount() == 0;
    }

    /** Shutdown hook: after a signal the process exits only once its checkpoint is written. */
    private void stop() {
        stop.countDown();
        try {
            if (ended.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(exitCode);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int work(RunDirectory directory, Path store, int ranks) throws IOException, InterruptedException {
        RunDirectory own = directory.ofRank(MpiLauncher.rank());
        Files.createDirectories(own.path());
        Optional<WorkerLock> lock = WorkerLock.acquire(own.lock(), LOCK_PATIENCE);
        if (lock.isEmpty()) {
            System.err.println("another worker holds " + own.lock());
            return HELD_BY_ANOTHER;
        }
        try (WorkerLock held = lock.get();
                EventLog events = EventLog.open(own.events());
                RunLog log = new RunLog(events, own.figures())) {
            WorkerOutcome outcome = outcome(directory, store, log, new StoreOutage(log, stop), ranks);
            if (held.isValid()) {
                outcome.write(own);
            }
            // An exit code other than 0 ends all processes while rank 0 may still be writing.
            return MpiLauncher.rank() == 0 ? outcome.kind().exitCode() : 0;
        }
    }

    private static ArtifactStore open(Path directory) {
        return new ArtifactLocation(
                        directory,
                        Optional.ofNullable(System.getProperty(ARTIFACTS_URL)).map(URI::create))
                .open();
    }

    private WorkerOutcome outcome(RunDirectory directory, Path location, RunLog log, StoreOutage outage, int ranks)
            throws InterruptedException {
        try {
            ArtifactStore store = outage.outlast(() -> open(location));
            if (Exporter.exported(directory)) {
                return succeeded();
            }
            DeviceTable devices = DeviceTable.load(
                    Optional.ofNullable(System.getProperty(DEVICE_TABLE)).map(Path::of));
            if (MpiLauncher.rank() == 0) {
                // rank 0 resolves the plan before it joins; the other ranks wait in join() and then receive the plan
                PreparedRun run = outage.outlast(() -> PreparedRun.prepare(
                        directory, store, devices, calibration(directory), ranks, Optional.empty()));
                Collectives processes = join(ranks);
                byte[] _ = new Agreement(processes)
                        .broadcastFromRank0(run.resolved().toByteArray());
                return train(directory, store, run, log, outage, processes);
            }
            Collectives processes = join(ranks);
            RunResolved resolved = parse(new Agreement(processes).broadcastFromRank0(new byte[0]));
            PreparedRun run = outage.outlast(() -> PreparedRun.prepare(
                    directory, store, devices, calibration(directory), ranks, Optional.of(resolved)));
            return train(directory, store, run, log, outage, processes);
        } catch (UnreadableArtifactException e) {
            if (!stopRequested()) {
                throw e;
            }
            return new WorkerOutcome(WorkerOutcome.Kind.STOPPED, "stopped while it waited: " + e.getMessage());
        } catch (RefusedSpecException | EngineMissingException | NoSuchArtifactException | CorruptArtifactException e) {
            if (MpiLauncher.rank() > 0) {
                // Rank 0 most likely fails with the same error: wait for it to report the error and end all processes.
                boolean _ = ended.await(REFUSAL_SECONDS, TimeUnit.SECONDS);
                throw e;
            }
            return new WorkerOutcome(WorkerOutcome.Kind.FAILED, String.valueOf(e.getMessage()));
        }
    }

    private static RunResolved parse(byte[] resolved) {
        try {
            return RunResolved.parseFrom(resolved);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("rank 0 has another version of the worker", e);
        }
    }

    private static Calibration calibration(RunDirectory directory) {
        Path folder = Optional.ofNullable(System.getProperty(CALIBRATION))
                .map(Path::of)
                .orElse(directory.path());
        return Calibration.in(folder, JavaWorkerLauncher.fromCurrentJvm(directory.work()));
    }

    private static Collectives join(int ranks) {
        return ranks == 1 ? Collectives.alone() : MpiCollectives.join(ranks);
    }

    private WorkerOutcome train(
            RunDirectory directory,
            ArtifactStore store,
            PreparedRun run,
            RunLog log,
            StoreOutage outage,
            Collectives processes)
            throws InterruptedException {
        Map<String, Corpus> splits = new LinkedHashMap<>();
        boolean first = processes.rank() == 0;
        try {
            for (String split : List.of(DatasetManifest.TRAIN, DatasetManifest.VALIDATION, DatasetManifest.TEST)) {
                splits.put(split, outage.outlast(() -> Corpus.open(store, run.manifest(), split)));
            }
            Checkpoints written = new Checkpoints(directory.checkpoints());
            Checkpoints checkpoints = first ? written : written.ofAnotherWriter();
            TrainingRun training;
            Exporter.ExportedModel exported = new Exporter.ExportedModel(List.of(), Optional.empty());
            try (TrainedModel model = TrainedModel.create(run, processes)) {
                training = new TrainingRun(run, model, splits, checkpoints, log, this::stopRequested, processes);
                Optional<WorkerOutcome> early = training.train();
                // Not closed after an exception: closing waits for the other ranks, which may be blocked in another
                // collective.
                processes.close();
                if (early.isPresent()) {
                    return early.get();
                }
                if (first) {
                    exported = outage.outlast(() -> new Exporter(directory, store)
                            .export(run.exported(model.mergedTensors(), model.adapter()), run.sharedBase()));
                }
            }
            // The engine's memory is freed before a separate process loads the exported file with llama.cpp.
            if (!first) {
                return succeeded();
            }
            Exporter.ExportedModel files = exported;
            return outage.outlast(() -> quantize(directory, store, run, splits, training, files, log));
        } catch (RuntimeException e) {
            if (!FullDisk.isCauseOf(e)) {
                throw e;
            }
            long bytes = 4 * Float.BYTES * run.resolved().getEstimate().getParameters();
            return new WorkerOutcome(
                    WorkerOutcome.Kind.FAILED,
                    "the model is trained, but its files cannot be written: " + e.getMessage() + "; free about " + bytes
                            + " bytes for " + directory.work() + " and the artifact store, then resume the run, which "
                            + "continues from its newest checkpoint");
        } finally {
            splits.values().forEach(Corpus::close);
        }
    }

    /** Creates and measures the quantizations of the exported model, and reports all artifacts. */
    private WorkerOutcome quantize(
            RunDirectory directory,
            ArtifactStore store,
            PreparedRun run,
            Map<String, Corpus> splits,
            TrainingRun training,
            Exporter.ExportedModel exported,
            RunLog log) {
        List<Artifact> artifacts = new ArrayList<>(exported.artifacts());
        // A shared base is already quantized and served unchanged.
        if (exported.exact().isPresent() && run.spec().getSkipQuantizations()) {
            artifacts.add(new Exporter(directory, store).stored(exported.exact().get()));
        } else if (exported.exact().isPresent()) {
            Path exact = exported.exact().get();
            Sample sample = training.exportSample();
            Optional<VariantExport.Outcome> variants = new VariantExport(
                            store,
                            run.values().getThreads(),
                            SandboxMode.fromProperty(),
                            () -> !stopRequested(),
                            log::export)
                    .export(
                            exact,
                            artifacts,
                            stored(run.spec()),
                            sample,
                            directory.work().resolve("variants"));
            if (variants.isEmpty()) {
                return new WorkerOutcome(WorkerOutcome.Kind.STOPPED, "stopped while the trained model was exported");
            }
            variants.get().messages().forEach(log::message);
            Map<String, Double> metrics = new HashMap<>(variants.get().metrics());
            if (!variants.get().answers().isEmpty()) {
                AnswerQuality quality = AnswerQuality.of(
                        new RowTexts(run.tokenizerFiles()),
                        splits.get(DatasetManifest.TRAIN),
                        sample,
                        variants.get().answers());
                log.message(quality.description());
                metrics.putAll(quality.metrics());
            }
            training.report(metrics);
            artifacts.addAll(variants.get().artifacts());
        }
        exported.exact().ifPresent(FileTree::delete);
        log.artifacts(artifacts);
        return succeeded();
    }

    /** The GGUF files that a run stores: those of its spec, else those of the service's settings. */
    private static Set<GgufFile> stored(RunSpec spec) {
        if (spec.getQuantizationsCount() > 0) {
            return GgufFile.made(spec.getQuantizationsList());
        }
        String standard = System.getProperty(QUANTIZATIONS);
        return standard == null
                ? GgufFile.MADE
                : Arrays.stream(standard.split(",", -1)).map(GgufFile::valueOf).collect(Collectors.toSet());
    }

    private static WorkerOutcome succeeded() {
        return new WorkerOutcome(WorkerOutcome.Kind.SUCCEEDED, "finished");
    }
}
