package io.rootstock.cli.error;

/** A failure that the user can mend: what went wrong, and what to do about it. Never shown with a stack trace. */
public final class CliException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String hint;

    /**
     * @param message what went wrong, one line
     * @param hint what the user can do, one line; may be empty
     */
    public CliException(String message, String hint) {
        super(message);
        this.hint = hint;
    }

    /** What the user can do, or an empty text. */
    public String hint() {
        return hint;
    }
}
