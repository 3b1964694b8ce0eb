package io.rootstock.encoding.training;

/** Words cannot be counted: a limit is exceeded, or temporary files cannot be written or read. */
public final class WordCountException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WordCountException(String message) {
        super(message);
    }

    WordCountException(String message, Throwable cause) {
        super(message, cause);
    }
}
