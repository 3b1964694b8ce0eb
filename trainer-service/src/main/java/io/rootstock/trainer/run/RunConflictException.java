package io.rootstock.trainer.run;

/** Thrown for a request that is invalid in the run's current state, or because the queue is full. */
public final class RunConflictException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Reason of the conflict. */
    public enum Kind {
        /** The run was not accepted here, or is deleted. */
        UNKNOWN_RUN,
        /** The run was accepted here, and its directory is missing. */
        LOST_RUN,
        /** A run with this id and another spec exists. */
        OTHER_SPEC,
        /** The request is invalid in the run's state. */
        WRONG_STATE,
        /** The run has had a later command. */
        STALE_COMMAND,
        /** The worker must end: the run has had a later lease, or does not have a worker any more. */
        STALE_WORKER,
        /** The run waits for its worker to be found; the worker tries again. */
        NOT_YET_RUNNING,
        /** The queue has reached its capacity. */
        QUEUE_FULL
    }

    private final Kind kind;

    RunConflictException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** Reason of the conflict, which determines the gRPC status. */
    public Kind kind() {
        return kind;
    }
}
