package io.rootstock.scheduling;

/**
 * A job that waits for devices or holds them.
 *
 * @param id unique
 * @param kind kind of its devices
 * @param devices number of devices, all at once; at least 1
 * @param submitTime time since which it waits; preemptions do not change it
 * @param remainingSeconds estimated training time that is left; at least 0
 */
public record Job(
        String id,
        Owner owner,
        Priority priority,
        String kind,
        int devices,
        double submitTime,
        Phase phase,
        double remainingSeconds,
        Cost cost) {
    public Job {
        if (devices < 1) {
            throw new IllegalArgumentException(id + ": devices must be at least 1, was " + devices);
        }
        if (!(remainingSeconds >= 0)) {
            throw new IllegalArgumentException(id + ": remainingSeconds must be at least 0, was " + remainingSeconds);
        }
    }

    /** Whether the job holds devices. */
    boolean isActive() {
        return !(phase instanceof Phase.Waiting);
    }

    /** Estimated time until the job ends or stops because of its cost limit. */
    double secondsToStop(Policy policy) {
        return Math.min(remainingSeconds, cost.affordableSeconds(policy.stop()));
    }

    Job in(Phase newPhase) {
        return new Job(id, owner, priority, kind, devices, submitTime, newPhase, remainingSeconds, cost);
    }

    /** The job after it has trained for some more time. */
    Job after(double seconds) {
        Cost paid = new Cost(
                cost.dollarsPerHour(),
                cost.dollarsSpent() + cost.dollars(seconds),
                cost.maxDollars(),
                cost.reportSeconds());
        return new Job(
                id, owner, priority, kind, devices, submitTime, phase, Math.max(0, remainingSeconds - seconds), paid);
    }
}
