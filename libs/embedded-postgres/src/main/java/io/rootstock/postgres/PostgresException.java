package io.rootstock.postgres;

/** The embedded server cannot be started, used or stopped; the message says what to do. */
public final class PostgresException extends RuntimeException {
    PostgresException(String message) {
        super(message);
    }

    PostgresException(String message, Throwable cause) {
        super(message, cause);
    }
}
