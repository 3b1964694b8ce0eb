package io.rootstock.scheduling;

/** Priority class of a job. Jobs of a higher class start before, and may preempt, jobs of lower classes. */
public enum Priority {
    /** Starts when nothing else waits. */
    LOW,
    NORMAL,
    HIGH;

    /** Number of the class, from 0. */
    int level() {
        return switch (this) {
            case LOW -> 0;
            case NORMAL -> 1;
            case HIGH -> 2;
        };
    }
}
