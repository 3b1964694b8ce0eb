package io.rootstock.dataset;

/** A shard or a manifest is invalid: truncated, of another version, or inconsistent. */
public final class InvalidDatasetException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message the error and the name of the file
     */
    public InvalidDatasetException(String message) {
        super(message);
    }

    /**
     * @param message the error and the name of the file
     * @param cause the exception of the reader
     */
    public InvalidDatasetException(String message, Throwable cause) {
        super(message, cause);
    }
}
