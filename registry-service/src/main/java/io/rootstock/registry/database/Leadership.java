package io.rootstock.registry.database;

import io.rootstock.registry.watch.Changes;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Decides which of an installation's registries runs the background loops: the one whose database session holds an advisory
 * lock. PostgreSQL ends the session of a leader that does not renew it, so that another registry leads within 5 s; a killed
 * leader's session ends at once. A leader that was stopped in between (a frozen process, a partition) knows by its own clock
 * that its lease is over, and what it still sends carries a number that the receiver compares.
 */
@ApplicationScoped
public class Leadership implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Leadership.class);
    /** Advisory lock of the leading registry. */
    public static final long LOCK = 0x726f6f7473746f63L;

    private static final Duration PERIOD = Duration.ofMillis(500);
    /** Time for which a confirmed leadership counts; shorter than the session limit. */
    private static final Duration LEASE = Duration.ofSeconds(2);
    /** Time after which PostgreSQL ends a session without statements. */
    private static final Duration SESSION_LIMIT = Duration.ofSeconds(4);

    private static final int STATEMENT_SECONDS = 2;

    private final Database database;
    private final Changes changes;
    private volatile boolean leads;
    private volatile long confirmed;
    private final AtomicInteger terms = new AtomicInteger();
    /** Whether the failure of the current session is logged. */
    private boolean warned;

    private Thread thread;

    /** Creates the bean; it leads nothing before {@link #start}. */
    @Inject
    public Leadership(Database database, Changes changes) {
        this.database = database;
        this.changes = changes;
    }

    /** Starts to apply for the leadership, once. */
    public synchronized void start() {
        thread = Thread.ofVirtual().name("leadership").start(this::run);
    }

    /** Whether this registry leads. */
    public boolean held() {
        return leads && System.nanoTime() - confirmed < LEASE.toNanos();
    }

    /** Number of times that this registry has become the leader. */
    public int terms() {
        return terms.get();
    }

    /** Gives the leadership up. */
    @Override
    public synchronized void close() {
        if (thread == null) {
            return;
        }
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (true) {
                apply();
                Thread.sleep(PERIOD);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Applies for the leadership, and keeps it until its session ends. */
    private void apply() throws InterruptedException {
        try (Connection session = database.session();
                Statement statement = session.createStatement()) {
            statement.setQueryTimeout(STATEMENT_SECONDS);
            statement.execute("set idle_session_timeout = " + SESSION_LIMIT.toMillis());
            while (true) {
                long asked = System.nanoTime();
                if (isTrue(statement, leads ? "select true" : "select pg_try_advisory_lock(" + LOCK + ")")) {
                    confirmed = asked;
                    warned = false;
                    if (!leads) {
                        terms.incrementAndGet();
                        leads = true;
                        LOG.info("this registry leads: it runs the background loops");
                        changes.announce();
                    }
                }
                Thread.sleep(PERIOD);
            }
        } catch (SQLException e) {
            if (!warned) {
                warned = true;
                LOG.warnf("this registry cannot apply for the leadership, and retries: %s", e.getMessage());
            }
        } finally {
            if (leads) {
                leads = false;
                LOG.info("this registry no longer leads");
            }
        }
    }

    private static boolean isTrue(Statement statement, String query) throws SQLException {
        try (ResultSet result = statement.executeQuery(query)) {
            return result.next() && result.getBoolean(1);
        }
    }
}
