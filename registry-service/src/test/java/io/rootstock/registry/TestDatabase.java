package io.rootstock.registry;

import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/** One real PostgreSQL server for all tests of a JVM, and a new database on it for whoever asks. */
public final class TestDatabase {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Path HOME = temporary();
    private static final EmbeddedPostgres SERVER =
            EmbeddedPostgres.start(HOME.resolve("postgres"), HOME.resolve("native"));

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(TestDatabase::stop));
    }

    private TestDatabase() {}

    /** Connections to a new and empty database. */
    public static PGSimpleDataSource newDatabase() {
        String name = "test" + COUNT.incrementAndGet();
        PGSimpleDataSource server = SERVER.dataSource();
        try (Connection connection = server.getConnection();
                Statement statement = connection.createStatement()) {
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

    private static Path temporary() {
        try {
            return Files.createTempDirectory("rootstock-registry-test-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void stop() {
        SERVER.closeAtOnce();
        try (Stream<Path> all = Files.walk(HOME)) {
            for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
