package io.rootstock.tokenizer.catalogue;

import io.rootstock.service.Errors;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * The running preparations and trainings of all tokenizer services of the database. While one runs, its tokenizer is not
 * deleted, no uploaded file is removed, and the artifacts that it stores are kept. The operations of a killed service end
 * after two minutes.
 */
public final class RunningOperations implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(RunningOperations.class);
    private static final Duration RENEWAL = Duration.ofSeconds(20);
    private static final String LIVE = "renew_time > clock_timestamp() - interval '2 minutes'";

    private final CatalogueDatabase database;
    private final Set<Long> own = ConcurrentHashMap.newKeySet();
    private final Thread renewal;

    /** Creates the operations, and a thread that renews those of this service. */
    public RunningOperations(CatalogueDatabase database) {
        this.database = database;
        this.renewal = Thread.ofVirtual().name("operation-renewal").start(this::renewAll);
    }

    /** An operation; it ends when it is closed. */
    public final class Operation implements AutoCloseable {
        private final long id;

        private Operation(long id) {
            this.id = id;
        }

        /**
         * Call it before the result is added to a catalogue.
         *
         * @throws io.grpc.StatusRuntimeException ABORTED if the operation was not renewed in time, so that its artifacts
         *     may have been removed
         */
        public void requireLive() {
            if (!update("update operation set renew_time = clock_timestamp() where id = " + id + " and " + LIVE)) {
                throw Errors.aborted(
                        "OPERATION_EXPIRED",
                        "the database was unavailable or this service was stopped for more than two minutes; repeat the"
                                + " request");
            }
        }

        @Override
        public void close() {
            own.remove(id);
            try {
                boolean _ = update("delete from operation where id = " + id);
            } catch (RuntimeException e) {
                LOG.warnf("an operation is not recorded as ended, and ends in two minutes: %s", e.getMessage());
            }
        }
    }

    /**
     * Begins an operation; waits while its tokenizer is being deleted.
     *
     * @param tokenizer name of the tokenizer that it uses; empty: none
     */
    public Operation begin(String tokenizer) {
        long id = database.run(connection -> {
            try (PreparedStatement lock = connection.prepareStatement(
                            "select 1 from resource where kind = 'TOKENIZER' and id = ? for share");
                    PreparedStatement insert =
                            connection.prepareStatement("insert into operation (tokenizer) values (?) returning id");
                    Statement expired = connection.createStatement()) {
                lock.setString(1, tokenizer.substring(tokenizer.indexOf('/') + 1));
                lock.executeQuery().close();
                expired.executeUpdate("delete from operation where not " + LIVE);
                insert.setString(1, tokenizer);
                try (ResultSet rows = insert.executeQuery()) {
                    rows.next();
                    return rows.getLong(1);
                }
            }
        });
        own.add(id);
        return new Operation(id);
    }

    /** Number of operations that this service runs. */
    public int running() {
        return own.size();
    }

    /** Start of the oldest running operation; empty if none runs. */
    public Optional<Instant> oldest() {
        return database.run(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("select min(start_time) from operation where " + LIVE)) {
                rows.next();
                return Optional.ofNullable(rows.getObject(1, OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant);
            }
        });
    }

    /** Whether an operation uses the tokenizer. Inside the removal of the tokenizer, the answer stays valid. */
    public boolean uses(String tokenizer) {
        return database.run(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "select 1 from operation where tokenizer = ? and " + LIVE + " limit 1")) {
                statement.setString(1, tokenizer);
                try (ResultSet rows = statement.executeQuery()) {
                    return rows.next();
                }
            }
        });
    }

    /** Runs the action, during which no operation begins, unless an operation runs; returns whether it ran. */
    public boolean runIfIdle(Runnable action) {
        return database.run(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("lock table operation in share mode");
                try (ResultSet rows = statement.executeQuery("select 1 from operation where " + LIVE + " limit 1")) {
                    if (rows.next()) {
                        return false;
                    }
                }
                action.run();
                return true;
            }
        });
    }

    /** Stops the renewals. */
    @Override
    public void close() {
        renewal.interrupt();
    }

    private void renewAll() {
        try {
            while (true) {
                Thread.sleep(RENEWAL);
                own.forEach(this::renew);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void renew(long id) {
        try {
            boolean _ = update("update operation set renew_time = clock_timestamp() where id = " + id + " and " + LIVE);
        } catch (RuntimeException e) {
            LOG.warnf("an operation cannot be renewed: %s", e.getMessage());
        }
    }

    private boolean update(String statement) {
        return database.run(connection -> {
            try (Statement run = connection.createStatement()) {
                return run.executeUpdate(statement) > 0;
            }
        });
    }
}
