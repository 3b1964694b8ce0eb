package io.rootstock.database;

import io.rootstock.files.FileTree;
import io.rootstock.postgres.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Databases for tests: one PostgreSQL server for all tests of a JVM, with a new database for each caller. The data directory
 * of an earlier JVM is deleted: the recovery of its databases takes longer than creating them.
 */
public final class TestDatabase {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Path FOLDER =
            Path.of("target/test-postgres-" + System.getProperty("surefire.forkNumber", "1"));
    private static final String TEMPLATE = "migrated";
    private static final EmbeddedPostgres SERVER;

    static {
        FileTree.delete(FOLDER);
        SERVER = EmbeddedPostgres.start(FOLDER, Path.of("target/test-native"));
        Runtime.getRuntime().addShutdownHook(new Thread(SERVER::closeAtOnce));
        PGSimpleDataSource server = SERVER.dataSource();
        // Tests do not cut the power: commits need not reach the disk, and checkpoints of the databases can wait.
        execute(server, "alter role current_user set synchronous_commit = off");
        execute(server, "alter system set fsync = off");
        execute(server, "alter system set checkpoint_timeout = '1d'");
        execute(server, "alter system set max_wal_size = '64GB'");
        // It would start a process for one of hundreds of databases every 100 ms.
        execute(server, "alter system set autovacuum = off");
        execute(server, "select pg_reload_conf()");
        execute(server, "create database " + TEMPLATE);
        PGSimpleDataSource template = named(TEMPLATE);
        Schema.REGISTRY.migrate(template);
        Schema.TOKENIZER.migrate(template);
    }

    private TestDatabase() {}

    /** Creates a database with the schemas of the registry and the tokenizer service, and returns its data source. */
    public static PGSimpleDataSource create() {
        return create("template " + TEMPLATE);
    }

    /** Creates a database without schemas and returns its data source. */
    public static PGSimpleDataSource createEmpty() {
        return create("");
    }

    private static PGSimpleDataSource create(String options) {
        String name = "test" + COUNT.incrementAndGet();
        execute(SERVER.dataSource(), "create database " + name + " " + options);
        return named(name);
    }

    /** Runs statements. */
    public static void execute(PGSimpleDataSource source, String sql) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PGSimpleDataSource named(String name) {
        PGSimpleDataSource server = SERVER.dataSource();
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(server.getServerNames());
        source.setPortNumbers(server.getPortNumbers());
        source.setUser(server.getUser());
        source.setPassword(server.getPassword());
        source.setDatabaseName(name);
        return source;
    }
}
