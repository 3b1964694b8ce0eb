package io.rootstock.inference.constraint;

/** A constraint that cannot be enforced: where it says so, and why. */
public final class UnsupportedConstraintException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final String reason;

    /**
     * A refusal.
     *
     * @param path where: a JSON pointer into a schema such as {@code /properties/name/not}, or a position in a text;
     *     empty: the whole
     * @param reason why, for people
     */
    public UnsupportedConstraintException(String path, String reason) {
        super(path.isEmpty() ? reason : path + ": " + reason);
        this.path = path;
        this.reason = reason;
    }

    /** Where. */
    public String path() {
        return path;
    }

    /** Why. */
    public String reason() {
        return reason;
    }
}
