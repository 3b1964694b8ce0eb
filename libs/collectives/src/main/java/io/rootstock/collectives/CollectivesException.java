package io.rootstock.collectives;

/** A collective operation failed; the message has its name and the engine's error text. */
public final class CollectivesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String operation;

    CollectivesException(String operation, String reason) {
        super(operation + ": " + reason);
        this.operation = operation;
    }

    /** Name of the failed C function, for example {@code MPI_Allreduce}. */
    public String operation() {
        return operation;
    }
}
