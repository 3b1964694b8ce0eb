package io.rootstock.torch;

/** A call into libtorch failed; the message holds the operation's name and libtorch's own words. */
public final class TorchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String operation;

    TorchException(String operation, String reason) {
        super(operation + ": " + reason);
        this.operation = operation;
    }

    /** The operator or C function that failed, for example {@code aten::mm}. */
    public String operation() {
        return operation;
    }
}
