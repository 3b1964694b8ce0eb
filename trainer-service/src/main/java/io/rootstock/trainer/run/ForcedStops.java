package io.rootstock.trainer.run;

import io.rootstock.trainer.process.ContainerMemory;
import io.rootstock.trainer.run.RunRecord.DesiredState;
import io.rootstock.trainer.v1.RunState;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Kills workers: of cancelled runs that do not end by themselves, and the largest one before the kernel kills all processes of
 * the container for lack of memory.
 */
final class ForcedStops {
    private static final Logger LOGGER = Logger.getLogger(ForcedStops.class);
    private static final Duration CANCEL_GRACE = Duration.ofSeconds(30);

    private final ContainerMemory memory;
    private final Map<String, Long> cancelDeadlines = new HashMap<>();

    /** @param memory memory that the workers share with this service */
    ForcedStops(ContainerMemory memory) {
        this.memory = memory;
    }

    /** Looks once at all runs. */
    void pass(Collection<RunHandle> runs) {
        runs.forEach(this::escalate);
        if (memory.isNearlyFull()) {
            endLargestWorker(runs);
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
}
