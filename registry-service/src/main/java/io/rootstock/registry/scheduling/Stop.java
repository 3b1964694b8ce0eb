package io.rootstock.registry.scheduling;

/**
 * A stop of a run at a checkpoint that the scheduler has requested.
 *
 * @param message message of the job once the run has stopped
 */
public record Stop(Reason reason, String message) {
    /** Reasons; the names are stored. */
    public enum Reason {
        /** A job of a higher priority class starts; the job waits again. */
        PREEMPTED,
        /** A cost limit would be exceeded; the job is paused. */
        LIMIT
    }
}
