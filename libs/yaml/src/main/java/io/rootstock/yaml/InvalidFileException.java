package io.rootstock.yaml;

/** A file that a user wrote is invalid or not supported. The message names file, line, reason and remedy. */
public final class InvalidFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final long line;
    private final String reason;
    private final String hint;

    /**
     * Creates the exception with the message {@code FILE:LINE: REASON}, then {@code hint: HINT} on a second line.
     *
     * @param file file as the user names it
     * @param line line from 1; 0 if the whole file is meant
     * @param reason the failure with the value and the limit
     * @param hint remedy
     */
    public InvalidFileException(String file, long line, String reason, String hint) {
        super((line > 0 ? file + ":" + line : file) + ": " + reason + "\nhint: " + hint);
        this.file = file;
        this.line = line;
        this.reason = reason;
        this.hint = hint;
    }

    /** File as the user names it. */
    public String file() {
        return file;
    }

    /** Line from 1; 0 if the whole file is meant. */
    public long line() {
        return line;
    }

    /** The failure without file, line and remedy. */
    public String reason() {
        return reason;
    }

    /** Remedy, without the prefix {@code hint:}. */
    public String hint() {
        return hint;
    }
}
