package io.rootstock.evaluator.lease;

/** The evaluation does not belong to this evaluator any more, or must not be continued now. */
public final class LeaseEndedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** Reason of the end. */
    public enum Reason {
        /** A user cancelled the evaluation. */
        CANCELLED,
        /** The lease expired and the evaluation was claimed again, or it was deleted. */
        LOST,
        /** This evaluator stops. */
        STOPPED
    }

    public LeaseEndedException(Reason reason) {
        super(reason.name());
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
