package io.rootstock.encoding.format;

/** The files do not contain a supported tokenizer. */
public final class InvalidTokenizerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message the error and the file
     */
    public InvalidTokenizerException(String message) {
        super(message);
    }

    /**
     * @param message the error and the file
     * @param cause the exception of the reader
     */
    public InvalidTokenizerException(String message, Throwable cause) {
        super(message, cause);
    }
}
