package io.rootstock.database;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/**
 * Failures of a database that cannot serve now, by SQLSTATE (PostgreSQL's documentation, appendix A): the same transaction may
 * succeed later.
 */
public final class Unavailability {
    private static final Set<String> STATES = Set.of(
            "57P01", // admin_shutdown
            "57P02", // crash_shutdown
            "57P03", // cannot_connect_now
            "57P04", // database_dropped
            "57P05" // idle_session_timeout
            );
    /** Connection exceptions, insufficient resources, system errors. */
    private static final Set<String> CLASSES = Set.of("08", "53", "58");

    private Unavailability() {}

    /**
     * Whether the server cannot be reached, starts, stops, lacks a resource such as a connection or disk space, or cannot read
     * or write its files: 08, 53, 57P01 to 57P05, 58.
     */
    public static boolean is(SQLException failure) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        // The pool's timeout has the SQLSTATE of the last failed connection, if there was one.
        return failure instanceof SQLTransientConnectionException
                || (state.length() > 2 && CLASSES.contains(state.substring(0, 2)))
                || STATES.contains(state);
    }
}
