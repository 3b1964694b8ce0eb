package io.rootstock.registry.storage;

import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.DatabaseException;
import io.rootstock.service.Errors;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * Excludes garbage collections of artifacts and backups, of all registries: an advisory lock of PostgreSQL that a session
 * holds until it is closed or ends with its process.
 */
public final class CollectionLock implements AutoCloseable {
    private static final long LOCK = 0x726f6f7473746f64L;
    /** Longest wait of a backup for a collection. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final Connection session;

    private CollectionLock(Connection session) {
        this.session = session;
    }

    /**
     * Waits until no collection runs; none starts until this is closed.
     *
     * @throws io.grpc.StatusRuntimeException UNAVAILABLE if a collection runs for more than 10 minutes
     */
    public static CollectionLock forBackup(Database database) {
        return acquire(
                database,
                "select pg_advisory_lock_shared(" + LOCK + "), true",
                () -> Errors.unavailable(
                        "COLLECTION_RUNS",
                        "artifacts are being removed (rootstock prune); try again when it has ended"));
    }

    /**
     * Begins a collection.
     *
     * @throws io.grpc.StatusRuntimeException UNAVAILABLE if a backup runs, or another collection
     */
    public static CollectionLock forCollection(Database database) {
        return acquire(
                database,
                "select null, pg_try_advisory_lock(" + LOCK + ")",
                () -> Errors.unavailable(
                        "BACKUP_RUNS",
                        "a backup or another garbage collection runs, and needs the artifacts; try again when it has ended"));
    }

    /** Throws UNAVAILABLE if the session has ended, so that artifacts may have been removed. */
    public void requireHeld() {
        try (Statement statement = session.createStatement()) {
            statement.execute("select 1");
        } catch (SQLException e) {
            throw Errors.unavailable(
                    "LOCK_LOST",
                    "the connection to the database was lost; repeat the call, which reuses what is copied");
        }
    }

    /** Releases the lock. */
    @Override
    public void close() {
        try {
            session.close();
        } catch (SQLException e) {
            // The session has ended, and with it the lock.
        }
    }

    /** Makes the exception of a lock that is not acquired. */
    private interface Refusal {
        RuntimeException make();
    }

    private static CollectionLock acquire(Database database, String query, Refusal refusal) {
        Connection session = null;
        boolean acquired = false;
        try {
            session = database.session();
            try (Statement statement = session.createStatement()) {
                statement.execute("set lock_timeout to " + LIMIT.toMillis());
                try (ResultSet rows = statement.executeQuery(query)) {
                    acquired = rows.next() && rows.getBoolean(2);
                }
            }
        } catch (SQLException e) {
            if (!"55P03".equals(e.getSQLState())) {
                throw new DatabaseException(e);
            }
        } finally {
            if (session != null && !acquired) {
                new CollectionLock(session).close();
            }
        }
        if (!acquired) {
            throw refusal.make();
        }
        return new CollectionLock(session);
    }
}
