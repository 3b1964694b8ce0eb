package io.rootstock.trainer.run;

import io.rootstock.trainer.run.RunConflictException.Kind;
import io.rootstock.trainer.run.RunRecord.Wish;
import io.rootstock.trainer.v1.Run;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** All runs of this service. Requests change records; a {@link Supervisor} pass a few times a second does the rest. */
public final class Runs implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(Runs.class);
    private static final long PASS_MILLIS = 200;
    private static final Duration CANCEL_GRACE = Duration.ofSeconds(30);

    private final Path root;
    private final int queueCapacity;
    private final Supervisor supervisor;
    private final Map<String, RunHandle> runs = new ConcurrentHashMap<>();
    private final Map<String, Long> cancelDeadlines = new HashMap<>();
    private final ScheduledExecutorService passes = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("supervisor").daemon().factory());

    /**
     * Finds the runs that are there and takes them up where they are: workers that live on are adopted.
     *
     * @param root folder of the run folders
     * @param concurrentRuns workers at the same time
     * @param restarts restarts of a worker that dies without progress
     */
    public Runs(Path root, WorkerLauncher launcher, int concurrentRuns, int queueCapacity, int restarts) {
        this.root = root;
        this.queueCapacity = queueCapacity;
        this.supervisor = new Supervisor(launcher, concurrentRuns, restarts);
        recover();
        // Ends with the executor; a pass catches what it throws.
        Future<?> unused = passes.scheduleWithFixedDelay(this::pass, 0, PASS_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Queues a run; the same id with the same spec again changes nothing. */
    public synchronized Run start(String runId, RunSpec spec) {
        RunHandle known = runs.get(runId);
        if (known != null) {
            if (!known.spec().equals(spec)) {
                throw new RunConflictException(Kind.OTHER_SPEC, runId);
            }
            return view(known);
        }
        if (Supervisor.queue(runs.values()).size() >= queueCapacity) {
            throw new RunConflictException(Kind.QUEUE_FULL, queueCapacity + " runs wait already");
        }
        RunHandle run = new RunHandle(create(runId, spec));
        run.announce();
        runs.put(runId, run);
        return view(run);
    }

    /** A run by id. */
    public Run get(String runId) {
        return view(handle(runId));
    }

    /** Folder of a run. */
    public RunDirectory directory(String runId) {
        return handle(runId).directory();
    }

    /** Whether nothing will happen to the run unless it is resumed. */
    public boolean isFinal(String runId) {
        return isFinal(handle(runId).state().state());
    }

    /** How many runs are in a state. */
    public long count(RunState state) {
        return runs.values().stream()
                .filter(run -> run.state().state() == state)
                .count();
    }

    /** All runs, the newest first. */
    public List<Run> list() {
        return runs.values().stream()
                .sorted(Comparator.<RunHandle>comparingLong(run -> run.state().createdMillis())
                        .reversed()
                        .thenComparing(run -> run.directory().runId()))
                .map(this::view)
                .toList();
    }

    /** Ends a run. */
    public Run cancel(String runId) {
        RunHandle run = handle(runId);
        synchronized (run) {
            switch (run.state().state()) {
                case RUN_STATE_RUNNING -> {
                    run.become(run.state().wishing(Wish.CANCEL));
                    run.signal(false);
                }
                case RUN_STATE_QUEUED, RUN_STATE_PAUSED, RUN_STATE_NEEDS_RECOVERY ->
                    run.become(run.state().in(RunState.RUN_STATE_CANCELLED, "cancelled"));
                case RUN_STATE_SUCCEEDED, RUN_STATE_FAILED -> throw wrongState(run, "has ended");
                case RUN_STATE_CANCELLED, RUN_STATE_UNSPECIFIED, UNRECOGNIZED -> {}
            }
        }
        return view(run);
    }

    /** Stops a run at a checkpoint. */
    public Run pause(String runId) {
        RunHandle run = handle(runId);
        synchronized (run) {
            switch (run.state().state()) {
                case RUN_STATE_RUNNING -> {
                    if (run.state().wish() == Wish.CANCEL) {
                        throw wrongState(run, "is being cancelled");
                    }
                    run.become(run.state().wishing(Wish.PAUSE));
                    run.signal(false);
                }
                case RUN_STATE_QUEUED -> run.become(run.state().in(RunState.RUN_STATE_PAUSED, "paused while waiting"));
                case RUN_STATE_PAUSED -> {}
                case RUN_STATE_NEEDS_RECOVERY,
                        RUN_STATE_SUCCEEDED,
                        RUN_STATE_FAILED,
                        RUN_STATE_CANCELLED,
                        RUN_STATE_UNSPECIFIED,
                        UNRECOGNIZED -> throw wrongState(run, "is not running");
            }
        }
        return view(run);
    }

    /**
     * Queues a stopped run again; it goes on from its newest checkpoint.
     *
     * @param ranks processes that go on with it; 0: as many as before
     */
    public Run resume(String runId, int ranks) {
        RunHandle run = handle(runId);
        synchronized (run) {
            switch (run.state().state()) {
                case RUN_STATE_PAUSED, RUN_STATE_NEEDS_RECOVERY, RUN_STATE_FAILED, RUN_STATE_CANCELLED ->
                    run.become(run.state()
                            .queuedAgain(
                                    System.currentTimeMillis(),
                                    "resumed",
                                    ranks > 0 ? ranks : run.state().ranks()));
                case RUN_STATE_QUEUED -> {}
                case RUN_STATE_RUNNING -> {
                    if (run.state().wish() != Wish.NONE) {
                        throw wrongState(run, "is still stopping");
                    }
                }
                case RUN_STATE_SUCCEEDED, RUN_STATE_UNSPECIFIED, UNRECOGNIZED -> throw wrongState(run, "has succeeded");
            }
        }
        return view(run);
    }

    /** Asks every worker for a checkpoint and its end, and waits for it; a later service goes on with the runs. */
    public void stopWorkers(Duration patience) throws InterruptedException {
        passes.shutdown();
        passes.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
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

    /** Lets go of the runs; workers live on. */
    @Override
    public void close() {
        passes.shutdownNow();
        runs.values().forEach(RunHandle::close);
    }

    static boolean isFinal(RunState state) {
        return switch (state) {
            case RUN_STATE_SUCCEEDED, RUN_STATE_FAILED, RUN_STATE_CANCELLED -> true;
            case RUN_STATE_QUEUED,
                    RUN_STATE_RUNNING,
                    RUN_STATE_PAUSED,
                    RUN_STATE_NEEDS_RECOVERY,
                    RUN_STATE_UNSPECIFIED,
                    UNRECOGNIZED -> false;
        };
    }

    private void recover() {
        try {
            Files.createDirectories(root);
            try (Stream<Path> folders = Files.list(root)) {
                for (Path folder : folders.filter(Files::isDirectory).toList()) {
                    if (!folder.getFileName().toString().startsWith(".")) {
                        take(new RunHandle(new RunDirectory(folder)));
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
        if (run.state().state() == RunState.RUN_STATE_RUNNING && run.state().wish() != Wish.NONE) {
            run.signal(false);
        }
        runs.put(run.directory().runId(), run);
    }

    private void pass() {
        try {
            Collection<RunHandle> all = runs.values();
            supervisor.pass(all);
            all.forEach(this::escalate);
        } catch (RuntimeException e) {
            LOGGER.error("a pass over the runs failed; the next one tries again", e);
        }
    }

    /** A cancelled worker that does not end by itself is killed. */
    private void escalate(RunHandle run) {
        String runId = run.directory().runId();
        RunRecord record = run.state();
        if (record.state() != RunState.RUN_STATE_RUNNING || record.wish() != Wish.CANCEL) {
            cancelDeadlines.remove(runId);
            return;
        }
        long now = System.nanoTime();
        long deadline = cancelDeadlines.computeIfAbsent(runId, id -> now + CANCEL_GRACE.toNanos());
        if (now - deadline > 0) {
            run.signal(true);
        }
    }

    private RunDirectory create(String runId, RunSpec spec) {
        Path unfinished = root.resolve("." + runId + ".new");
        Path place = root.resolve(runId);
        try {
            Files.createDirectories(unfinished);
            RunDirectory directory = new RunDirectory(unfinished);
            directory.writeSpec(spec);
            RunRecord.queued(System.currentTimeMillis()).write(directory.state());
            Files.move(unfinished, place, StandardCopyOption.ATOMIC_MOVE);
            return new RunDirectory(place);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create the run folder " + place, e);
        }
    }

    private Run view(RunHandle run) {
        int position = Supervisor.queue(runs.values()).indexOf(run) + 1;
        return run.toRun(position);
    }

    private RunHandle handle(String runId) {
        RunHandle run = runs.get(runId);
        if (run == null) {
            throw new RunConflictException(Kind.UNKNOWN_RUN, runId);
        }
        return run;
    }

    private static RunConflictException wrongState(RunHandle run, String why) {
        return new RunConflictException(
                Kind.WRONG_STATE,
                "run " + run.directory().runId() + " " + why + " ("
                        + run.state().state() + ")");
    }
}
