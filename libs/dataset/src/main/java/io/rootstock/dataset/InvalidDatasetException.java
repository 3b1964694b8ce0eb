package io.rootstock.dataset;

/** A shard or a manifest that is not what it should be: truncated, of another version or inconsistent. */
public final class InvalidDatasetException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what is wrong and with what
     */
    public InvalidDatasetException(String message) {
        super(message);
    }

    /**
     * @param message what is wrong and with what
     * @param cause what the reader said
     */
    public InvalidDatasetException(String message, Throwable cause) {
        super(message, cause);
    }
}
