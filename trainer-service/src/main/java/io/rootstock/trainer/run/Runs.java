package io.rootstock.trainer.run;

import io.rootstock.files.AtomicDirectory;
import io.rootstock.files.AtomicFile;
import io.rootstock.files.FileTree;
import io.rootstock.service.Pruning;
import io.rootstock.storage.v1.PrunedGroup;
import io.rootstock.trainer.events.EventLog;
import io.rootstock.trainer.plan.RefusedSpecException;
import io.rootstock.trainer.process.ContainerMemory;
import io.rootstock.trainer.run.RunConflictException.Kind;
import io.rootstock.trainer.run.RunRecord.DesiredState;
import io.rootstock.trainer.v1.AttachRunWorkerResponse;
import io.rootstock.trainer.v1.ReportRunWorkerRequest;
import io.rootstock.trainer.v1.Run;
import io.rootstock.trainer.v1.RunCheckpoint;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunMessage;
import io.rootstock.trainer.v1.RunResolved;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.RunState;
import io.rootstock.trainer.v1.StartRunRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * All runs of this service. Requests change the records; a periodic {@link Supervisor} pass starts and stops workers.
 */
public final class Runs implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(Runs.class);
    private static final long PASS_MILLIS = 200;
    /** Prefix of the directories of deleted runs. */
    private static final String DELETED = ".deleted-";
    /** Directory of the accepted runs' markers. */
    private static final String ACCEPTED = ".accepted";

    private final Path root;
    private final WorkerLauncher launcher;
    private final int concurrentRuns;
    private final int queueCapacity;
    private final Supervisor supervisor;
    private final AcceptedRuns accepted;
    private final Map<String, RunHandle> runs = new ConcurrentHashMap<>();
    private final ScheduledExecutorService passes = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("supervisor").daemon().factory());

    /**
     * Loads the existing runs and continues supervising them; workers that are still running are adopted.
     *
     * @param root directory of the run directories
     * @param concurrentRuns maximum number of running workers
     * @param queueCapacity maximum number of queued runs
     * @param restarts restarts of workers that fail without progress
     * @param memory memory that the workers share with this service
     */
    public Runs(
            Path root,
            WorkerLauncher launcher,
            int concurrentRuns,
            int queueCapacity,
            Restarts restarts,
            ContainerMemory memory) {
        this.root = root;
        this.launcher = launcher;
        this.concurrentRuns = concurrentRuns;
        this.queueCapacity = queueCapacity;
        this.supervisor = new Supervisor(launcher, concurrentRuns, restarts, memory);
        this.accepted = new AcceptedRuns(root.resolve(ACCEPTED));
        recover();
        // The future is not needed: it ends with the executor, and a pass catches its exceptions.
        Future<?> unused = passes.scheduleWithFixedDelay(this::pass, 0, PASS_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Maximum number of running workers. */
    public int concurrentRuns() {
        return concurrentRuns;
    }

    /** Queues a run; idempotent for equal ids and specs. */
    public Run start(String runId, RunSpec spec) {
        return start(StartRunRequest.newBuilder().setRunId(runId).setSpec(spec).build());
    }

    /** Queues a run, which continues from the checkpoints of the request; idempotent for equal ids and specs. */
    public synchronized Run start(StartRunRequest request) {
        String runId = request.getRunId();
        RunSpec spec = request.getSpec();
        RunHandle known = runs.get(runId);
        if (known != null) {
            if (!known.spec().equals(spec)) {
                throw new RunConflictException(Kind.OTHER_SPEC, runId);
            }
            return view(known);
        }
        if (Supervisor.queue(runs.values()).size() >= queueCapacity) {
            throw new RunConflictException(Kind.QUEUE_FULL, "the queue is full: " + queueCapacity + " runs");
        }
        Optional<RunHandle> extended = spec.getExtendedRunId().isEmpty() || request.getCheckpointsCount() > 0
                ? Optional.empty()
                : Optional.of(extendedBy(spec));
        accepted.add(runId);
        RunHandle run = new RunHandle(create(root.resolve(runId), request, extended), launcher);
        runs.put(runId, run);
        run.announce();
        return view(run);
    }

    /**
     * Returns the resolved settings of the run that a spec extends.
     *
     * @throws RefusedSpecException if the spec trains another model than that run
     */
    public RunResolved extended(RunSpec spec) {
        return RunExtension.resolved(extendedBy(spec).directory());
    }

    /** Begins the reports of a remote worker with this lease; returns all that it needs but the settings of its process. */
    public AttachRunWorkerResponse.Builder attach(String runId, long lease) {
        RunHandle run = handle(runId);
        synchronized (run) {
            requireKept(runId, run);
            return run.reports().attach(lease);
        }
    }

    /**
     * Checks that a run has a worker.
     *
     * @param lease number of the worker's lease; 0: not known to the caller
     * @throws RunConflictException if the run is not running, or has had a later lease
     */
    public void requireWorker(String runId, long lease) {
        RunHandle run = handle(runId);
        synchronized (run) {
            requireKept(runId, run);
            run.reports().require(lease);
        }
    }

    /** Stores a report of a run's remote worker; returns the position of its last stored event. */
    public long report(ReportRunWorkerRequest request) {
        RunHandle run = handle(request.getRunId());
        synchronized (run) {
            requireKept(request.getRunId(), run);
            return run.reports().report(request);
        }
    }

    /** Returns the run with this id. */
    public Run get(String runId) {
        return view(handle(runId));
    }

    /** Returns the run with this id; empty if it was deleted. */
    public Optional<Run> find(String runId) {
        return Optional.ofNullable(runs.get(runId)).map(this::view);
    }

    /** Returns the run's directory. */
    public RunDirectory directory(String runId) {
        return handle(runId).directory();
    }

    /** Whether the run is in a final state, which only a resume changes. */
    public boolean isFinal(String runId) {
        return RunRecord.isFinal(handle(runId).state().state());
    }

    /** Number of runs in a state. */
    public long count(RunState state) {
        return runs.values().stream()
                .filter(run -> run.state().state() == state)
                .count();
    }

    /** Directories of the running runs. */
    public List<RunDirectory> running() {
        return runs.values().stream()
                .filter(run -> run.state().state() == RunState.RUN_STATE_RUNNING)
                .map(RunHandle::directory)
                .toList();
    }

    /** Number of workers that have ended without an outcome since the service started. */
    public long workerFailures() {
        return supervisor.workerFailures();
    }

    /** Returns all runs in any order. */
    public List<RunSummary> list() {
        return runs.values().stream().map(RunHandle::summary).toList();
    }

    /**
     * Cancels a run; a running worker is stopped.
     *
     * @param command number of the command, rejected after a larger one; 0: not numbered
     */
    public Run cancel(String runId, long command) {
        RunHandle run = handle(runId);
        synchronized (run) {
            requireKept(runId, run);
            run.requireNewest(command);
            run.cancel();
        }
        return view(run);
    }

    /**
     * Pauses a run; a running worker writes a checkpoint and stops.
     *
     * @param command number of the command, rejected after a larger one; 0: not numbered
     */
    public Run pause(String runId, long command) {
        RunHandle run = handle(runId);
        synchronized (run) {
            requireKept(runId, run);
            run.requireNewest(command);
            run.pause();
        }
        return view(run);
    }

    /**
     * Queues a stopped run; it resumes from its newest checkpoint.
     *
     * @param command number of the command, rejected after a larger one; 0: not numbered
     * @param ranks number of processes; 0: as before
     */
    public Run resume(String runId, long command, int ranks) {
        RunHandle run = handle(runId);
        synchronized (run) {
            requireKept(runId, run);
            run.requireNewest(command);
            run.resume(ranks);
        }
        return view(run);
    }

    /** Deletes a run that has ended, with its directory, or the marker of a lost run. */
    public void delete(String runId) {
        if (!runs.containsKey(runId) && accepted.contains(runId)) {
            accepted.remove(runId);
            return;
        }
        if (!runs.containsKey(runId)) {
            throw new RunConflictException(Kind.UNKNOWN_RUN, runId);
        }
        RunHandle run = handle(runId);
        Path deleted = root.resolve(DELETED + UUID.randomUUID());
        synchronized (run) {
            if (!RunRecord.isFinal(run.state().state()) || run.workerLives()) {
                throw run.wrongState("has not ended, cancel it first");
            }
            if (!runs.remove(runId, run)) {
                throw new RunConflictException(Kind.UNKNOWN_RUN, runId);
            }
            run.close();
            try {
                Files.move(run.directory().path(), deleted, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "cannot delete " + run.directory().path(), e);
            }
        }
        accepted.remove(runId);
        FileTree.delete(deleted);
    }

    /**
     * Removes files of ended runs that no resume needs: the checkpoints of succeeded runs, and the work directories of all
     * ended runs. The age counts from the run's end.
     */
    public List<PrunedGroup> prune(Pruning pruning) {
        Pruning.Group checkpoints = pruning.group("checkpoints of succeeded jobs");
        Pruning.Group work = pruning.group("work directories of ended jobs");
        for (RunHandle run : runs.values()) {
            synchronized (run) {
                RunState state = run.state().state();
                if (!RunRecord.isFinal(state)
                        || run.workerLives()
                        || !Files.exists(run.directory().path())) {
                    continue;
                }
                if (state == RunState.RUN_STATE_SUCCEEDED) {
                    prune(checkpoints, run.directory(), run.directory().checkpoints());
                }
                prune(work, run.directory(), run.directory().work());
            }
        }
        return List.of(checkpoints.toMessage(), work.toMessage());
    }

    /** Calls {@code references} with every artifact that the runs need, each with its run's id. */
    public void references(BiConsumer<String, String> references) {
        for (RunHandle run : runs.values()) {
            run.references().forEach(digest -> references.accept(run.directory().runId(), digest));
        }
    }

    /** Time since which a running worker may have stored artifacts; empty if no worker runs. */
    public Optional<Instant> activity() {
        return runs.values().stream()
                .filter(run -> run.state().state() == RunState.RUN_STATE_RUNNING)
                .map(RunHandle::activity)
                .min(Instant::compareTo);
    }

    /** Stops the workers on this machine at a checkpoint; the next start of the service resumes their runs. */
    public void stopWorkers(Duration patience) throws InterruptedException {
        passes.shutdown();
        passes.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (launcher.isRemote()) {
            return;
        }
        List<RunHandle> running = runs.values().stream()
                .filter(run -> run.state().state() == RunState.RUN_STATE_RUNNING)
                .toList();
        running.forEach(run -> run.signal(false));
        long end = System.nanoTime() + patience.toNanos();
        for (RunHandle run : running) {
            while (run.workerLives() && System.nanoTime() < end) {
                Thread.sleep(PASS_MILLIS / 4);
            }
        }
    }

    /** Stops supervising the runs; their workers keep running. */
    @Override
    public void close() {
        passes.shutdownNow();
        runs.values().forEach(RunHandle::close);
    }

    /**
     * Writes a run's directory, whole or not at all.
     *
     * @param extended run whose training it continues; empty: none
     */
    private static RunDirectory create(Path place, StartRunRequest request, Optional<RunHandle> extended) {
        try {
            AtomicDirectory.write(place, unfinished -> {
                RunDirectory directory = new RunDirectory(unfinished);
                directory.writeSpec(request.getSpec());
                if (extended.isPresent()) {
                    RunExtension.start(
                            extended.get().directory(),
                            extended.get().storedCheckpoints(),
                            directory,
                            request.getSpec().getExtendedStep());
                }
                if (request.getCheckpointsCount() > 0) {
                    restore(request, directory);
                }
                RunRecord.queued(System.currentTimeMillis())
                        .withLease(request.getLease())
                        .write(directory.state());
            });
            return new RunDirectory(place);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create the run folder " + place, e);
        }
    }

    /** Writes the settings and the stored checkpoints of a run that this service has lost. */
    private static void restore(StartRunRequest request, RunDirectory directory) {
        directory.writeResolved(
                request.getResolved().toBuilder().clearStartStep().build());
        try (EventLog events = EventLog.open(directory.events())) {
            for (RunCheckpoint checkpoint : request.getCheckpointsList().reversed()) {
                events.append(RunEvent.newBuilder().setCheckpoint(checkpoint));
            }
            events.append(RunEvent.newBuilder()
                    .setMessage(RunMessage.newBuilder()
                            .setText("the trainer had lost the run; it continues from the checkpoint of step "
                                    + request.getCheckpoints(0).getStep())));
        }
    }

    private static void prune(Pruning.Group group, RunDirectory run, Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try {
            long bytes = ownBytes(directory);
            Instant ended = Files.getLastModifiedTime(run.state()).toInstant();
            group.add(run.runId(), bytes, ended, () -> {
                FileTree.delete(directory);
                return bytes;
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prune " + directory, e);
        }
    }

    /** Bytes of the files that have no other name; the others are hard links to artifacts. */
    private static long ownBytes(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .filter(file -> links(file) == 1)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static int links(Path file) {
        try {
            return (int) Files.getAttribute(file, "unix:nlink");
        } catch (UnsupportedOperationException _) {
            // Not a Unix file system: every file counts as its own.
            return 1;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private void recover() {
        try {
            Files.createDirectories(root);
            try (Stream<Path> folders = Files.list(root)) {
                for (Path folder : folders.filter(Files::isDirectory).toList()) {
                    String name = folder.getFileName().toString();
                    if (name.startsWith(DELETED)) {
                        FileTree.delete(folder);
                    } else if (!name.startsWith(".")) {
                        take(new RunHandle(new RunDirectory(folder), launcher));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the runs in " + root, e);
        }
    }

    private void take(RunHandle run) {
        if (run.announced() != run.state().state()) {
            run.announce();
        }
        if (run.state().state() == RunState.RUN_STATE_RUNNING && run.state().desiredState() != DesiredState.RUNNING) {
            run.signal(false);
        }
        accepted.add(run.directory().runId());
        runs.put(run.directory().runId(), run);
    }

    private void pass() {
        try {
            supervisor.pass(runs.values());
        } catch (RuntimeException e) {
            LOGGER.error("a pass over the runs failed; the next one tries again", e);
        }
    }

    private RunHandle extendedBy(RunSpec spec) {
        RunHandle run = handle(spec.getExtendedRunId());
        RunExtension.check(run, spec);
        return run;
    }

    private Run view(RunHandle run) {
        boolean queued = run.state().state() == RunState.RUN_STATE_QUEUED;
        return run.toRun(queued ? Supervisor.queue(runs.values()).indexOf(run) + 1 : 0);
    }

    private RunHandle handle(String runId) {
        RunHandle run = runs.get(runId);
        if (run == null) {
            // Remote workers have leases, so that a run which another trainer has is not trained twice.
            throw new RunConflictException(
                    launcher.isRemote() || accepted.contains(runId) ? Kind.LOST_RUN : Kind.UNKNOWN_RUN, runId);
        }
        return run;
    }

    /** Throws if the run was deleted while the caller waited for its lock. */
    private void requireKept(String runId, RunHandle run) {
        if (runs.get(runId) != run) {
            throw new RunConflictException(Kind.UNKNOWN_RUN, runId);
        }
    }

    /**
     * Markers of the runs that this data directory has accepted and not deleted, one empty file each, apart from the runs'
     * directories. A run with a marker and without a directory is lost. A run without a marker is unknown: it may exist in
     * another data directory.
     *
     * @param folder directory of the markers
     */
    private record AcceptedRuns(Path folder) {
        /** Creates the directory of the markers if it is missing. */
        AcceptedRuns {
            try {
                Files.createDirectories(folder);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot create " + folder, e);
            }
        }

        /** Marks a run durably; without effect if it is marked. */
        void add(String runId) {
            if (!contains(runId)) {
                try {
                    AtomicFile.write(folder.resolve(runId), "");
                } catch (IOException e) {
                    throw new UncheckedIOException("cannot mark the run " + runId, e);
                }
            }
        }

        boolean contains(String runId) {
            return Files.exists(folder.resolve(runId));
        }

        void remove(String runId) {
            try {
                Files.deleteIfExists(folder.resolve(runId));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot remove the mark of the run " + runId, e);
            }
        }
    }
}
