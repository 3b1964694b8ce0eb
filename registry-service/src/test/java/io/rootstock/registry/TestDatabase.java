package io.rootstock.registry;

import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * One real PostgreSQL server for all tests of a JVM, and a new database on it for whoever asks. Its folder is kept in
 * the build directory, so that only the first run has to make it.
 */
public final class TestDatabase {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final EmbeddedPostgres SERVER =
            EmbeddedPostgres.start(Path.of("target/test-postgres"), Path.of("target/test-native"));

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(SERVER::closeAtOnce));
    }

    private TestDatabase() {}

    /** Connections to a new and empty database. */
    public static PGSimpleDataSource newDatabase() {
        String name = "test" + COUNT.incrementAndGet();
        PGSimpleDataSource server = SERVER.dataSource();
        try (Connection connection = server.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("drop database if exists " + name + " with (force)");
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(server.getServerNames());
        source.setPortNumbers(server.getPortNumbers());
        source.setUser(server.getUser());
        source.setPassword(server.getPassword());
        source.setDatabaseName(name);
        return source;
    }

    /** A new database with the registry's schema. */
    public static Database open() {
        return Database.open(newDatabase());
    }
}
