package io.rootstock.tokenizer.catalogue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.rootstock.database.Schema;
import io.rootstock.database.Unavailability;
import io.rootstock.service.Errors;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Connections to the database of the catalogue: the schema {@code tokenizer} of the registry's database. Until {@link #open}
 * and while the database does not respond, transactions fail with UNAVAILABLE.
 */
public final class CatalogueDatabase implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(CatalogueDatabase.class);
    private static final int POOL_SIZE = 8;
    private static final Duration CONNECTION_LIMIT = Duration.ofSeconds(5);
    /** Longest wait for a row or table that another transaction has locked. */
    private static final Duration LOCK_LIMIT = Duration.ofSeconds(15);

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final PGSimpleDataSource source;
    private final HikariDataSource pool;
    private volatile boolean open;

    /** Creates a pool, which connects when it is first used. */
    public CatalogueDatabase(PGSimpleDataSource source) {
        this.source = source;
        source.setCurrentSchema(Schema.TOKENIZER.name());
        source.setOptions("-c lock_timeout=" + LOCK_LIMIT.toMillis());
        HikariConfig config = new HikariConfig();
        config.setPoolName("catalogue");
        config.setDataSource(source);
        config.setMaximumPoolSize(POOL_SIZE);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(CONNECTION_LIMIT.toMillis());
        config.setInitializationFailTimeout(-1);
        config.setAutoCommit(false);
        pool = new HikariDataSource(config);
    }

    /** Exports the metrics of the pool, {@code hikaricp_connections_...}, once. */
    public void export(MeterRegistry meters) {
        pool.setMetricRegistry(meters);
    }

    /** Work inside a transaction. */
    @FunctionalInterface
    public interface Work<T> {
        /** Runs inside the transaction; an exception rolls it back. */
        T run(Connection connection) throws SQLException;
    }

    /**
     * Creates the schema, or brings it up to date.
     *
     * @throws SQLException if the database does not respond
     */
    void migrate() throws SQLException {
        source.getConnection().close();
        Schema.TOKENIZER.migrate(source);
    }

    /** From now on, transactions are permitted. */
    public void open() {
        open = true;
    }

    /** Whether transactions are permitted. */
    public boolean isOpen() {
        return open;
    }

    /**
     * Runs one transaction; it is durable when this method returns.
     *
     * @throws io.grpc.StatusRuntimeException UNAVAILABLE if the database does not respond
     */
    public <T> T run(Work<T> work) {
        if (!open) {
            throw unavailable();
        }
        try {
            return transaction(work);
        } catch (SQLException e) {
            if (isUnavailable(e)) {
                LOG.warnf("the database does not respond: %s", e.getMessage());
                throw unavailable();
            }
            throw new IllegalStateException("the database rejected a statement of the catalogue", e);
        }
    }

    private <T> T transaction(Work<T> work) throws SQLException {
        try (Connection connection = pool.getConnection()) {
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

    /** Closes all connections. */
    @Override
    public void close() {
        pool.close();
    }

    private static void rollback(Connection connection, Exception reason) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    /** Whether the same transaction may succeed later, also if it waited too long for a lock. */
    private static boolean isUnavailable(SQLException e) {
        return Unavailability.is(e) || LOCK_NOT_AVAILABLE.equals(e.getSQLState());
    }

    private static RuntimeException unavailable() {
        return Errors.unavailable(
                "DATABASE_UNAVAILABLE",
                "the database of tokenizers and datasets is unavailable; start the registry and try again");
    }
}
