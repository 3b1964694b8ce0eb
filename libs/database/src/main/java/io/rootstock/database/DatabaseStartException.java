package io.rootstock.database;

/** The database cannot be started, reached or migrated when the service starts; the message says what to do. */
public final class DatabaseStartException extends RuntimeException {
    public DatabaseStartException(String message) {
        super(message);
    }

    public DatabaseStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
