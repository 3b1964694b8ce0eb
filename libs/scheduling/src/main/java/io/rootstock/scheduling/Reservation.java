package io.rootstock.scheduling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The reservation of the first job of a kind that does not fit (EASY backfill): its estimated start, and the devices that
 * are free then in addition to its own. A job behind it starts only if it ends before that, or uses these devices only.
 */
final class Reservation {
    private final double start;
    private int spare;

    private Reservation(double start, int spare) {
        this.start = start;
        this.spare = spare;
    }

    /**
     * Reserves devices at the earliest time at which enough of them are free, as far as is known.
     *
     * @param free free devices now
     * @param active jobs of the kind that hold devices, including those that start now
     */
    static Reservation of(Job job, int free, List<Job> active, double now, Policy policy) {
        List<Job> byEnd = new ArrayList<>(active);
        byEnd.sort(Comparator.<Job>comparingDouble(running -> end(running, now, policy))
                .thenComparing(Job::id));
        int available = free;
        double start = now;
        for (Job running : byEnd) {
            double end = end(running, now, policy);
            if (available >= job.devices() && end > start) {
                break;
            }
            available += running.devices();
            start = end;
        }
        return new Reservation(start, available - job.devices());
    }

    /** Reserves devices of jobs that stop now, so that no other job takes them. */
    static Reservation now(double now, int spare) {
        return new Reservation(now, spare);
    }

    double start() {
        return start;
    }

    /** Whether a job behind the reserved one may start now; it must fit into the free devices. */
    boolean allows(Job job, double now, Policy policy) {
        return job.devices() <= spare || now + job.secondsToStop(policy) <= start;
    }

    /** Counts a job that was allowed. */
    void use(Job job, double now, Policy policy) {
        if (now + job.secondsToStop(policy) > start) {
            spare -= job.devices();
        }
    }

    private static double end(Job job, double now, Policy policy) {
        return switch (job.phase()) {
            case Phase.Stopping(boolean _) -> now;
            case Phase.Waiting(), Phase.Running(double _, double _) -> now + job.secondsToStop(policy);
        };
    }
}
