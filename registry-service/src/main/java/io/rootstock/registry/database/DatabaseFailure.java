package io.rootstock.registry.database;

import io.rootstock.database.Unavailability;
import java.sql.SQLException;
import org.postgresql.util.PSQLException;

/**
 * Classes of failed transactions by SQLSTATE (PostgreSQL's documentation, appendix A). A failure without a SQLSTATE,
 * such as a row that cannot be read, is {@link #INTERNAL}.
 */
public enum DatabaseFailure {
    /**
     * The server cannot be reached, starts, stops, lacks a resource such as a connection or disk space, or cannot read or
     * write its files: 08, 53, 57P01 to 57P05, 58.
     */
    UNAVAILABLE("the database is unavailable"),
    /** A row with this key exists: 23505. */
    ALREADY_EXISTS("a row with this key exists"),
    /**
     * The transaction lost against a concurrent one after all retries: 40, and 23503, a row that was deleted or referred
     * to after the transaction had read it; and a statement whose plan is from before a migration by a later release.
     */
    ABORTED("the transaction lost against a concurrent one"),
    /** A value that the database never accepts, such as a text with U+0000: 22. */
    INVALID_VALUE("the database does not accept a value"),
    /** A bug, or a server in a state that a retry does not repair. */
    INTERNAL("the database rejected a statement");

    private static final String DATA_EXCEPTION_CLASS = "22";
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String FOREIGN_KEY_VIOLATION = "23503";
    private static final String FEATURE_NOT_SUPPORTED = "0A000";
    /** PostgreSQL's function that refuses a plan whose result type has changed, the only one of its errors without a code. */
    private static final String PLAN_CHECK = "RevalidateCachedQuery";

    private final String description;

    DatabaseFailure(String description) {
        this.description = description;
    }

    String description() {
        return description;
    }

    static DatabaseFailure of(SQLException failure) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        if (Unavailability.is(failure)) {
            return UNAVAILABLE;
        }
        if (state.equals(UNIQUE_VIOLATION)) {
            return ALREADY_EXISTS;
        }
        if (state.startsWith(DATA_EXCEPTION_CLASS)) {
            return INVALID_VALUE;
        }
        return state.startsWith("40") || state.equals(FOREIGN_KEY_VIOLATION) || isStalePlan(failure)
                ? ABORTED
                : INTERNAL;
    }

    /** Returns true if a migration has changed the columns of a statement since the connection prepared it. */
    static boolean isStalePlan(SQLException failure) {
        return FEATURE_NOT_SUPPORTED.equals(failure.getSQLState())
                && failure instanceof PSQLException refusal
                && refusal.getServerErrorMessage() != null
                && PLAN_CHECK.equals(refusal.getServerErrorMessage().getRoutine());
    }
}
