package io.rootstock.grammar.error;

/** A constraint that cannot be enforced, with path and reason. */
public final class UnsupportedConstraintException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final String reason;

    /**
     * Creates the exception.
     *
     * @param path location: a JSON pointer into a schema such as {@code /properties/name/not}, or a position in a text;
     *     empty for the whole constraint
     * @param reason reason, for users
     */
    public UnsupportedConstraintException(String path, String reason) {
        super(path.isEmpty() ? reason : path + ": " + reason);
        this.path = path;
        this.reason = reason;
    }

    /** Location of the error, as passed to the constructor. */
    public String path() {
        return path;
    }

    public String reason() {
        return reason;
    }
}
