package io.rootstock.corpus.source;

/** The rest of a file cannot be read, so that its rows are unknown; the message states the reason and the remedy. */
public final class UnreadableSourceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long line;

    /**
     * @param line line of the last row that was found, from 1
     * @param reason reason and remedy
     */
    public UnreadableSourceException(long line, String reason) {
        super(reason);
        this.line = line;
    }

    /** Line of the last row that was found, from 1. */
    public long line() {
        return line;
    }

    /** Returns the message with the place: {@code rows.csv:101: a quoted value is not closed; ...}. */
    public String describe(String fileName) {
        return fileName + ":" + line + ": " + getMessage() + ". Nothing after this line was read";
    }
}
