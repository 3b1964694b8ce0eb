package io.rootstock.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL server that this service starts, monitors and stops; its data directory outlives the process.
 *
 * <p>Invariants: commits are durable (fsync, synchronous_commit and full_page_writes are on, also on an adopted
 * server); the server listens on loopback only and requires a password; one registry process at a time owns the folder.
 * If a killed registry left its server running, the next start adopts that server. If the server dies, it is restarted,
 * and {@link #dataSource()} then connects to the new process.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(EmbeddedPostgres.class);
    private static final Map<String, String> DURABLE =
            Map.of("fsync", "on", "synchronous_commit", "on", "full_page_writes", "on");
    private static final String OPTIONS = "-c listen_addresses=127.0.0.1 -c unix_socket_directories="
            + " -c fsync=on -c synchronous_commit=on -c full_page_writes=on"
            + " -c max_connections=64 -c timezone=UTC -c log_timezone=UTC";
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    /** Timeout of the recovery of a killed server, which takes as long as its write-ahead log and its files need. */
    private static final Duration RECOVERY_LIMIT = Duration.ofHours(1);

    private static final Duration CHILDREN_LIMIT = Duration.ofSeconds(15);
    private static final Duration WATCH_INTERVAL = Duration.ofMillis(250);
    private static final int START_ATTEMPTS = 5;

    private final PostgresFolder folder;
    private final PostgresBinaries binaries;
    private final ServerAccount account;
    private final Duration startLimit;
    private final PGSimpleDataSource dataSource = new PGSimpleDataSource();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CountDownLatch closing = new CountDownLatch(1);
    private boolean adopted;

    private EmbeddedPostgres(
            PostgresFolder folder, PostgresBinaries binaries, ServerAccount account, Duration startLimit) {
        this.folder = folder;
        this.binaries = binaries;
        this.account = account;
        this.startLimit = startLimit;
    }

    /** Returns the folder of the server of a Rootstock home. */
    public static Path folder(Path home) {
        return home.resolve("registry/postgres");
    }

    /**
     * Starts the server of a folder, or adopts the one that is running.
     *
     * @param directory the server's folder; created if missing
     * @param binariesParent directory below which PostgreSQL's binaries are unpacked
     */
    public static EmbeddedPostgres start(Path directory, Path binariesParent) {
        return start(directory, binariesParent, ServerAccount.detect(), START_LIMIT);
    }

    /** @param startLimit time after which a server that has started counts as in recovery */
    static EmbeddedPostgres start(Path directory, Path binariesParent, ServerAccount account, Duration startLimit) {
        PostgresFolder folder = PostgresFolder.open(directory);
        try {
            EmbeddedPostgres server =
                    new EmbeddedPostgres(folder, PostgresBinaries.unpackedBelow(binariesParent), account, startLimit);
            folder.prepare(server.binaries, server.account);
            server.dataSource.setServerNames(new String[] {"127.0.0.1"});
            server.dataSource.setPortNumbers(new int[] {0});
            server.dataSource.setDatabaseName("postgres");
            server.dataSource.setUser(PostgresFolder.USER);
            server.dataSource.setPassword(folder.password());
            server.startOrAdopt();
            Thread.ofVirtual().name("postgres-watch").start(server::watch);
            return server;
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    /** Returns the data source of unpooled connections; its port follows a restart of the server. */
    public PGSimpleDataSource dataSource() {
        return dataSource;
    }

    /** Returns true if the server was already running when this service started. */
    public boolean adopted() {
        return adopted;
    }

    /** Process id of the server. */
    public long pid() {
        return Postmaster.read(folder.data())
                .orElseThrow(() -> new PostgresException("no server runs in " + folder.data()))
                .pid();
    }

    /** Stops the server in fast mode: open transactions are rolled back, and a shutdown checkpoint is written. */
    @Override
    public void close() {
        close("fast");
    }

    /** Stops the server in immediate mode, so that the next start runs recovery. For folders that are deleted next. */
    public void closeAtOnce() {
        close("immediate");
    }

    private void close(String mode) {
        if (closed.compareAndSet(false, true)) {
            // Ends a wait for a server in recovery, which holds this object's lock.
            closing.countDown();
            stopAndRelease(mode);
        }
    }

    private synchronized void stopAndRelease(String mode) {
        try {
            if (running().isPresent()) {
                stop(mode);
            }
        } finally {
            folder.close();
        }
    }

    private void startOrAdopt() {
        Optional<Postmaster> found = running();
        if (found.isPresent() && adopt(found.get())) {
            adopted = true;
            LOG.infof(
                    "adopted the PostgreSQL server %d of a previous registry",
                    found.get().pid());
            return;
        }
        if (running().isPresent()) {
            LOG.warn("the running PostgreSQL server cannot be adopted; stopping it");
            stop("fast");
        }
        startServer();
    }

    /** Adopts a running server; one that is still in recovery gets {@link #RECOVERY_LIMIT} to become ready. */
    private boolean adopt(Postmaster found) {
        if (!found.ready()) {
            LOG.infof("PostgreSQL %d is in recovery; waiting for it, its log is %s", found.pid(), folder.log());
        }
        boolean _ = waitUntil(
                () -> closing.getCount() == 0
                        || !found.runs(folder.data())
                        || Postmaster.read(folder.data()).map(Postmaster::ready).orElse(false),
                RECOVERY_LIMIT);
        Optional<Postmaster> now = running();
        if (now.isEmpty() || !now.get().ready() || now.get().port().isEmpty()) {
            return false;
        }
        dataSource.setPortNumbers(new int[] {now.get().port().getAsInt()});
        try (Connection connection = dataSource.getConnection()) {
            for (Map.Entry<String, String> setting : DURABLE.entrySet()) {
                if (!setting(connection, setting.getKey()).equals(setting.getValue())) {
                    return false;
                }
            }
            return setting(connection, "data_directory").equals(folder.data().toString());
        } catch (SQLException e) {
            LOG.warnf("cannot connect to the running PostgreSQL server: %s", e.getMessage());
            return false;
        }
    }

    private void startServer() {
        Commands.Result result = null;
        for (int attempt = 0; attempt < START_ATTEMPTS; attempt++) {
            removeStalePidFile();
            // The first attempt of a restart uses the previous port; later attempts use a free port.
            int previous = dataSource.getPortNumbers()[0];
            int port = attempt == 0 && previous != 0 ? previous : freePort();
            result = Commands.run(
                    account.command(List.of(
                            binaries.program("pg_ctl"),
                            "--pgdata=" + folder.data(),
                            "--log=" + folder.log(),
                            "--wait",
                            "--timeout=" + startLimit.toSeconds(),
                            "--options=-p " + port + " " + OPTIONS,
                            "start")),
                    START_LIMIT.plusSeconds(10));
            if (result.succeeded()) {
                dataSource.setPortNumbers(new int[] {port});
                LOG.infof("PostgreSQL runs on 127.0.0.1:%d in %s", port, folder.data());
                return;
            }
            Optional<Postmaster> recovering = running();
            if (recovering.isPresent() && adopt(recovering.get())) {
                return;
            }
            LOG.warnf("PostgreSQL did not start on port %d: %s", port, result.output());
        }
        throw new PostgresException("PostgreSQL does not start in " + folder.data() + "; its log is " + folder.log()
                + ": " + (result == null ? "" : result.output()));
    }

    /**
     * Deletes postmaster.pid if its process is not this folder's server. PostgreSQL accepts the file if any process has
     * that pid, even another program or a zombie. The file is deleted only after every child of the killed server has
     * exited.
     */
    private void removeStalePidFile() {
        Optional<Postmaster> recorded = Postmaster.read(folder.data());
        if (recorded.isEmpty() || recorded.get().runs(folder.data())) {
            return;
        }
        if (!waitUntil(() -> !Postmaster.childrenLeft(folder.data()), CHILDREN_LIMIT)) {
            throw new PostgresException(
                    "child processes of a killed PostgreSQL still use " + folder.data() + "; stop them and retry");
        }
        try {
            Files.deleteIfExists(Postmaster.file(folder.data()));
        } catch (IOException e) {
            throw new PostgresException("cannot delete " + Postmaster.file(folder.data()), e);
        }
    }

    private void stop(String mode) {
        Commands.require(
                account.command(List.of(
                        binaries.program("pg_ctl"),
                        "--pgdata=" + folder.data(),
                        "--mode=" + mode,
                        "--wait",
                        "--timeout=" + START_LIMIT.toSeconds(),
                        "stop")),
                START_LIMIT.plusSeconds(10));
    }

    private void watch() {
        try {
            while (!closing.await(WATCH_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                restartIfDead();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void restartIfDead() {
        if (closing.getCount() == 0 || running().isPresent()) {
            return;
        }
        LOG.error("PostgreSQL died; restarting it");
        try {
            startServer();
        } catch (PostgresException e) {
            LOG.error("PostgreSQL could not be restarted; retrying", e);
        }
    }

    private Optional<Postmaster> running() {
        return Postmaster.read(folder.data()).filter(found -> found.runs(folder.data()));
    }

    private static String setting(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("show " + name)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new PostgresException("no free port on loopback", e);
        }
    }

    private static boolean waitUntil(BooleanSupplier condition, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new PostgresException("interrupted while waiting for PostgreSQL", e);
            }
        }
        return true;
    }
}
