package io.rootstock.cli;

/** A failure that the user can mend: what went wrong, and what to do about it. Never shown with a stack trace. */
public final class CliException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String remedy;

    /**
     * @param message what went wrong, one line
     * @param remedy what the user can do, one line; may be empty
     */
    public CliException(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    /** What the user can do, or an empty text. */
    public String remedy() {
        return remedy;
    }
}
