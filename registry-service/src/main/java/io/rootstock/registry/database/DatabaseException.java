package io.rootstock.registry.database;

import java.sql.SQLException;

/** A transaction failed and is rolled back. The code that handles the exception logs it, once. */
public final class DatabaseException extends RuntimeException {
    private final DatabaseFailure failure;

    public DatabaseException(SQLException cause) {
        this(DatabaseFailure.of(cause), cause);
    }

    private DatabaseException(DatabaseFailure failure, SQLException cause) {
        super(failure.description() + ": " + cause.getMessage() + " (SQLSTATE " + cause.getSQLState() + ")", cause);
        this.failure = failure;
    }

    /** The class of the failure. */
    public DatabaseFailure failure() {
        return failure;
    }
}
