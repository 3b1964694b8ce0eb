package io.rootstock.cli.error;

/** A failure that the user can fix. Printed without a stack trace. */
public final class CliException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String hint;

    /**
     * @param message what failed, with the value; one line
     * @param hint what to do, one line; may be empty
     */
    public CliException(String message, String hint) {
        super(message);
        this.hint = hint;
    }

    /** Remedy for the user, one line; may be empty. */
    public String hint() {
        return hint;
    }
}
