package io.rootstock.torch;

/** A libtorch call failed; the message has the operation's name and libtorch's error text. */
public final class TorchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String operation;

    TorchException(String operation, String reason) {
        super(operation + ": " + reason);
        this.operation = operation;
    }

    /** Name of the failed operator or C function, for example {@code aten::mm}. */
    public String operation() {
        return operation;
    }
}
