package io.rootstock.registry.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.rootstock.database.Schema;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Connection pool of the registry's database, with transactions.
 *
 * <p>Invariants: a transaction is durable once {@link #write} returns; a transaction whose work throws is rolled back.
 * An SQLException becomes a {@link DatabaseException} with its class by SQLSTATE.
 */
public class Database implements AutoCloseable {
    private static final int POOL_SIZE = 16;
    private static final Duration CONNECTION_LIMIT = Duration.ofSeconds(30);
    /** Attempts of a transaction that is {@link DatabaseFailure#ABORTED}, such as by a deadlock. */
    private static final int ATTEMPTS = 5;

    private final DatabaseServer server;
    private final HikariDataSource pool;

    private Database(DatabaseServer server, HikariDataSource pool) {
        this.server = server;
        this.pool = pool;
    }

    /** Brings the schema up to date and opens the pool; closes the server if that fails. */
    public static Database open(DatabaseServer server) {
        return open(server, Schema.REGISTRY);
    }

    /** Brings the schema of this or a later release up to date, as {@link #open(DatabaseServer)}. */
    public static Database open(DatabaseServer server, Schema schema) {
        return open(server, schema, CONNECTION_LIMIT);
    }

    /** @param connectionLimit longest wait for a connection, at least 250 ms */
    static Database open(DatabaseServer server, Schema schema, Duration connectionLimit) {
        try {
            PGSimpleDataSource source = server.dataSource();
            source.setCurrentSchema(schema.name());
            schema.migrate(source);
            return new Database(server, pool(source, connectionLimit));
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static HikariDataSource pool(PGSimpleDataSource source, Duration connectionLimit) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("registry");
        config.setDataSource(source);
        config.setMaximumPoolSize(POOL_SIZE);
        config.setMinimumIdle(2);
        config.setConnectionTimeout(connectionLimit.toMillis());
        config.setAutoCommit(false);
        return new HikariDataSource(config);
    }

    /** Work on a connection inside one transaction. */
    @FunctionalInterface
    public interface Work<T> {
        /** Runs inside the transaction; a thrown exception rolls it back. */
        T run(Connection connection) throws SQLException;
    }

    /**
     * Runs the work and commits. The work is retried after a deadlock, a serialization failure, a foreign key violation or a
     * migration by a later release, so it must change only the database.
     */
    public <T> T write(Work<T> work) {
        return retried(work, false);
    }

    /** Runs the work in one read-only transaction with a consistent snapshot (REPEATABLE READ), retried as {@link #write}. */
    public <T> T read(Work<T> work) {
        return retried(work, true);
    }

    private <T> T retried(Work<T> work, boolean readOnly) {
        for (int attempt = 1; ; attempt++) {
            try {
                return transaction(work, readOnly);
            } catch (SQLException e) {
                DatabaseException failure = new DatabaseException(e);
                if (failure.failure() != DatabaseFailure.ABORTED || attempt == ATTEMPTS) {
                    throw failure;
                }
                if (DatabaseFailure.isStalePlan(e)) {
                    // Every connection of the pool may have plans of the tables before the migration.
                    pool.getHikariPoolMXBean().softEvictConnections();
                }
            }
        }
    }

    /** Exports the metrics of the pool, {@code hikaricp_connections_...}, once. */
    public void export(MeterRegistry meters) {
        pool.setMetricRegistry(meters);
    }

    /** Returns true if a connection is valid within 2 s. */
    public boolean answers() {
        try (Connection connection = pool.getConnection()) {
            return connection.isValid(2);
        } catch (SQLException e) {
            return false;
        }
    }

    /** Opens a session outside the pool, without transactions; the caller closes it. */
    public Connection session() throws SQLException {
        return server.dataSource().getConnection();
    }

    /** Closes the pool, then the server. */
    @Override
    public void close() {
        pool.close();
        server.close();
    }

    private <T> T transaction(Work<T> work, boolean readOnly) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setReadOnly(readOnly);
            connection.setTransactionIsolation(
                    readOnly ? Connection.TRANSACTION_REPEATABLE_READ : Connection.TRANSACTION_READ_COMMITTED);
            try {
                T result = work.run(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                rollback(connection, e);
                throw e;
            }
        }
    }

    private static void rollback(Connection connection, Exception reason) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }
}
