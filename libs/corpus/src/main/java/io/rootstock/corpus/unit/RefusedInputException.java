package io.rootstock.corpus.unit;

/** An input file, directory or pattern cannot be used; the message names it and states the remedy. */
public final class RefusedInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param input file, directory or pattern
     * @param reason reason and remedy
     */
    public RefusedInputException(Object input, String reason) {
        super(input + ": " + reason);
    }
}
