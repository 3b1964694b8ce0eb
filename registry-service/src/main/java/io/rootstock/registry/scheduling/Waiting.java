package io.rootstock.registry.scheduling;

/**
 * The command that a job waits to be sent when devices are free.
 *
 * @param ranks of RESUME: number of processes; 0: unchanged
 * @param restart of RESUME: whether to train from step 0 if the trainer does not know the run
 */
public record Waiting(Kind kind, int ranks, boolean restart) {
    /** Kinds of commands; the names are stored. */
    public enum Kind {
        /** The run has never been started. */
        START,
        /** The run continues from its checkpoint. */
        RESUME
    }

    /** The first start of a run. */
    public static final Waiting START = new Waiting(Kind.START, 0, false);
    /** Continues the run unchanged. */
    public static final Waiting RESUME = new Waiting(Kind.RESUME, 0, false);
}
