package io.rootstock.scheduling;

import java.util.List;

/**
 * Decisions at one time.
 *
 * @param starts waiting jobs to start now, in order; their devices are free
 * @param preemptions running jobs to stop at a checkpoint, so that a job of a higher priority class starts
 * @param pauses running jobs to stop at a checkpoint before a limit is exceeded
 * @param held waiting jobs that cannot start whatever ends, with the reason
 */
public record Schedule(List<Job> starts, List<Preemption> preemptions, List<Pause> pauses, List<Held> held) {
    public Schedule {
        starts = List.copyOf(starts);
        preemptions = List.copyOf(preemptions);
        pauses = List.copyOf(pauses);
        held = List.copyOf(held);
    }

    /** A running job that stops for another one; it waits again after that. */
    public record Preemption(Job victim, Job preemptor) {}

    /** A running job that stops because of a limit. */
    public record Pause(Job job, Limit limit) {}

    /** A waiting job that a limit keeps from starting. */
    public record Held(Job job, Limit limit) {}

    /** A limit that a job has reached. */
    public sealed interface Limit {
        /** The job's own cost limit. */
        record JobCost(double maxDollars) implements Limit {}

        /** The cost of a user or team in this month. */
        record MonthCost(String name, double maxDollars) implements Limit {}

        /** The devices that a user or team may hold at a time. */
        record Devices(String name, int maxDevices) implements Limit {}

        /** The devices of the job's kind. */
        record Capacity(int devices) implements Limit {}
    }
}
