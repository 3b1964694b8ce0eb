package io.rootstock.bench.cluster.jobs;

import com.google.protobuf.util.Timestamps;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.trainer.v1.RunEvent;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The worker of a run with one lease, as its events show it; times by the clock of its node.
 *
 * @param lease number of the lease
 * @param startStep step of the checkpoint from which it continued; 0: from the start
 * @param step largest reported step
 * @param checkpoints number of its reported checkpoints
 * @param firstMillis time of its first event
 * @param lastMillis time of its last event
 */
record Attempt(long lease, long startStep, long step, int checkpoints, long firstMillis, long lastMillis) {
    /** The workers of a run by their leases; an event that is reported twice counts once. */
    static List<Attempt> of(List<JobEvent> events) {
        SortedMap<Long, Attempt> attempts = new TreeMap<>();
        SortedMap<Long, SortedMap<Long, RunEvent>> reports = new TreeMap<>();
        for (JobEvent event : events) {
            RunEvent report = event.getRunEvent();
            if (report.hasSource()) {
                reports.computeIfAbsent(report.getSource().getLease(), lease -> new TreeMap<>())
                        .put(report.getSource().getSequence(), report);
            }
        }
        reports.forEach((lease, log) -> attempts.put(lease, of(lease, List.copyOf(log.values()))));
        return List.copyOf(attempts.values());
    }

    private static Attempt of(long lease, List<RunEvent> log) {
        long start = 0;
        long step = 0;
        int checkpoints = 0;
        for (RunEvent event : log) {
            if (event.hasResolved()) {
                start = event.getResolved().getStartStep();
            }
            step = Math.max(step, event.getProgress().getStep());
            checkpoints += event.hasCheckpoint() ? 1 : 0;
        }
        return new Attempt(
                lease,
                start,
                Math.max(start, step),
                checkpoints,
                Timestamps.toMillis(log.getFirst().getTime()),
                Timestamps.toMillis(log.getLast().getTime()));
    }

    /** Steps that the next worker trained again. */
    static long lostSteps(Attempt before, Attempt after) {
        return Math.max(0, before.step() - after.startStep());
    }
}
