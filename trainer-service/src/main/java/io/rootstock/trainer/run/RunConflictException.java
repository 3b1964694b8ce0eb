package io.rootstock.trainer.run;

/** A request that the run's state, or the queue's, does not allow. */
public final class RunConflictException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Kind {
        /** No such run. */
        UNKNOWN_RUN,
        /** The id is taken by a run with another spec. */
        OTHER_SPEC,
        /** The run's state does not allow it. */
        WRONG_STATE,
        /** Too many runs wait. */
        QUEUE_FULL
    }

    private final Kind kind;

    RunConflictException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** Why. */
    public Kind kind() {
        return kind;
    }
}
