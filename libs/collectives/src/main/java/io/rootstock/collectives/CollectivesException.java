package io.rootstock.collectives;

/** An operation of the group failed; the message holds its name and the engine's own words. */
public final class CollectivesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String operation;

    CollectivesException(String operation, String reason) {
        super(operation + ": " + reason);
        this.operation = operation;
    }

    /** The C function that failed, for example {@code MPI_Allreduce}. */
    public String operation() {
        return operation;
    }
}
