package io.rootstock.trainer.run;

import io.rootstock.trainer.process.ContainerMemory;
import io.rootstock.trainer.run.RunRecord.DesiredState;
import io.rootstock.trainer.v1.RunResolved;
import io.rootstock.trainer.v1.RunState;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;

/**
 * Reconciles runs with their workers: detects workers that ended or failed, starts queued runs, and kills workers that do
 * not stop or fill the memory. A pass depends on the files on disk and the live workers, so it needs no special handling
 * after a crash of the service; only the grace periods of cancelled runs begin again.
 */
final class Supervisor {
    private static final Logger LOGGER = Logger.getLogger(Supervisor.class);
    /** Time in which the worker of a cancelled run may end by itself. */
    private static final Duration CANCEL_GRACE = Duration.ofSeconds(30);

    private final WorkerLauncher launcher;
    private final int concurrentRuns;
    private final Restarts restarts;
    private final ContainerMemory memory;
    private final Map<String, Long> cancelDeadlines = new HashMap<>();
    private final LongAdder workerFailures = new LongAdder();

    /** @param memory memory that the workers share with this service */
    Supervisor(WorkerLauncher launcher, int concurrentRuns, Restarts restarts, ContainerMemory memory) {
        this.launcher = launcher;
        this.concurrentRuns = concurrentRuns;
        this.restarts = restarts;
        this.memory = memory;
    }

    /** Runs one pass over all runs. */
    void pass(Collection<RunHandle> runs) {
        reconcile(runs);
        runs.forEach(this::escalate);
        if (memory.isNearlyFull()) {
            endLargestWorker(runs);
        }
    }

    private void reconcile(Collection<RunHandle> runs) {
        long running = 0;
        for (RunHandle run : runs) {
            run.announcePending();
            if (run.state().state() == RunState.RUN_STATE_RUNNING) {
                if (run.workerLives()) {
                    running++;
                    stopAgain(run);
                } else {
                    ended(run);
                }
            }
        }
        long now = System.currentTimeMillis();
        for (RunHandle run : queue(runs)) {
            if (run.state().dueMillis() > now) {
                continue;
            }
            if (running >= concurrentRuns || !launcher.isAvailable()) {
                return;
            }
            launch(run);
            running++;
        }
    }

    /** Number of workers that ended without an outcome, although their runs were to continue. */
    long workerFailures() {
        return workerFailures.sum();
    }

    /** Stops a remote worker again that should stop: the first attempt may have failed. Local workers receive each signal. */
    private void stopAgain(RunHandle run) {
        if (launcher.isRemote() && run.state().desiredState() != DesiredState.RUNNING) {
            run.signal(false);
        }
    }

    /** Kills the worker of a cancelled run if it does not exit within the grace period. */
    private void escalate(RunHandle run) {
        String runId = run.directory().runId();
        RunRecord record = run.state();
        if (record.state() != RunState.RUN_STATE_RUNNING || record.desiredState() != DesiredState.CANCELLED) {
            cancelDeadlines.remove(runId);
            return;
        }
        long now = System.nanoTime();
        long deadline = cancelDeadlines.computeIfAbsent(runId, id -> now + CANCEL_GRACE.toNanos());
        if (now - deadline > 0) {
            run.signal(true);
        }
    }

    /** Kills the largest worker before the kernel kills all processes of the container for lack of memory. */
    private static void endLargestWorker(Collection<RunHandle> runs) {
        runs.stream()
                .filter(run -> run.workerBytes() > 0)
                .max(Comparator.comparingLong(RunHandle::workerBytes))
                .ifPresent(run -> {
                    LOGGER.warnf(
                            "run %s: its worker is ended, because the container's memory is nearly full",
                            run.directory().runId());
                    run.endForMemory();
                });
    }

    /** Returns the queued runs in start order. */
    static List<RunHandle> queue(Collection<RunHandle> runs) {
        return runs.stream()
                .filter(run -> run.state().state() == RunState.RUN_STATE_QUEUED)
                .sorted(Comparator.<RunHandle>comparingLong(run -> run.state().queuedMillis())
                        .thenComparing(run -> run.directory().runId()))
                .toList();
    }

    private void launch(RunHandle run) {
        synchronized (run) {
            if (run.state().state() != RunState.RUN_STATE_QUEUED) {
                return;
            }
            if (launcher.isRemote() && run.workerLives()) {
                run.become(run.state().in(RunState.RUN_STATE_RUNNING, run.worker() + " trains already"));
                return;
            }
            WorkerOutcome.clear(run.directory());
            long step = run.newestCheckpoint();
            String from = step < 0 ? "from the start" : "from the checkpoint of step " + step;
            run.become(run.state().in(RunState.RUN_STATE_RUNNING, "a worker trains " + from));
            try {
                run.launch(launcher);
            } catch (RuntimeException e) {
                LOGGER.errorf(
                        e, "run %s: cannot start a worker", run.directory().runId());
                run.become(
                        run.state().in(RunState.RUN_STATE_NEEDS_RECOVERY, "cannot start a worker: " + e.getMessage()));
            }
        }
    }

    private void ended(RunHandle run) {
        synchronized (run) {
            if (run.state().state() != RunState.RUN_STATE_RUNNING || run.workerLives()) {
                return;
            }
            RunRecord record = run.state();
            WorkerOutcome outcome = WorkerOutcome.read(run.directory()).orElse(null);
            RunRecord next = outcome == null
                    ? died(run, record)
                    : switch (outcome.kind()) {
                        case SUCCEEDED -> record.in(RunState.RUN_STATE_SUCCEEDED, outcome.message());
                        case FAILED -> record.in(RunState.RUN_STATE_FAILED, outcome.message());
                        case STOPPED -> stopped(record, outcome.message());
                    };
            LOGGER.infof("run %s: %s (%s)", run.directory().runId(), next.state(), next.message());
            run.become(next);
        }
    }

    private static RunRecord stopped(RunRecord record, String message) {
        return switch (record.desiredState()) {
            case PAUSED -> record.in(RunState.RUN_STATE_PAUSED, message);
            case CANCELLED -> record.in(RunState.RUN_STATE_CANCELLED, message);
            case RUNNING -> record.in(RunState.RUN_STATE_QUEUED, message + "; received SIGTERM, queued again");
        };
    }

    private RunRecord died(RunHandle run, RunRecord record) {
        long step = run.newestCheckpoint();
        String where = step < 0 ? "before its first checkpoint" : "after the checkpoint of step " + step;
        if (record.desiredState() != DesiredState.RUNNING) {
            return stopped(record, "the worker ended " + where);
        }
        workerFailures.increment();
        int failures = step > record.checkpointStep() ? 1 : record.failures() + 1;
        RunRecord counted = record.failed(failures, step);
        String output = run.output();
        String last = RunHandle.outputTail(output);
        String message = "the worker died " + where + (last.isEmpty() ? "" : " (" + last + ")");
        Optional<MemoryAdvice.Kind> memory = MemoryAdvice.kind(output, run.exitCode(), run.killedForMemory());
        if (memory.isPresent()) {
            return outOfMemory(run, counted, memory.get(), message + "; ", output);
        }
        return again(counted, message);
    }

    /**
     * Queues the run with more memory if the launcher can give it, otherwise with settings that need less; a run that failed
     * for lack of memory is not repeated unchanged.
     */
    private RunRecord outOfMemory(RunHandle run, RunRecord counted, MemoryAdvice.Kind kind, String why, String output) {
        Optional<RunResolved> resolved = run.directory().readResolved();
        String message = why + MemoryAdvice.reason(kind, output, resolved);
        return switch (kind) {
            case KILLED -> again(counted, message + ". " + MemoryAdvice.hint());
            case JAVA -> counted.in(RunState.RUN_STATE_NEEDS_RECOVERY, message + ", then resume the run");
            case NATIVE -> {
                if (restarts.permits(counted.failures())) {
                    Optional<String> more = launcher.moreMemory(run.directory());
                    if (more.isPresent()) {
                        yield counted.in(
                                RunState.RUN_STATE_QUEUED, message + "; starts again with more memory: " + more.get());
                    }
                }
                Optional<RunResolved> less = resolved.flatMap(MemoryAdvice::less);
                if (less.isEmpty() || !restarts.permits(counted.failures())) {
                    yield counted.in(
                            RunState.RUN_STATE_NEEDS_RECOVERY,
                            message + (less.isEmpty() ? ", and nothing is left to save. " : ". ") + MemoryAdvice.hint()
                                    + "; resume the run to try again");
                }
                run.directory().writeResolved(less.get());
                yield counted.in(
                        RunState.RUN_STATE_QUEUED,
                        message + "; starts again with less: " + MemoryAdvice.changes(resolved.get(), less.get()));
            }
        };
    }

    /** Queues the run unchanged, after a pause if the failure is not the first without a new checkpoint. */
    private RunRecord again(RunRecord counted, String message) {
        if (!restarts.permits(counted.failures())) {
            return counted.in(
                    RunState.RUN_STATE_NEEDS_RECOVERY,
                    message + "; " + counted.failures() + " deaths without progress, resume the run to try again");
        }
        Duration pause = restarts.pause(counted.failures());
        return counted.due(pause.isZero() ? 0 : System.currentTimeMillis() + pause.toMillis())
                .in(
                        RunState.RUN_STATE_QUEUED,
                        message + "; starts again" + (pause.isZero() ? "" : " in " + pause.toSeconds() + " s"));
    }
}
