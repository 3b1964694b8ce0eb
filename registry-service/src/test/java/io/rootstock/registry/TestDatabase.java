package io.rootstock.registry;

import io.rootstock.files.FileTree;
import io.rootstock.postgres.EmbeddedPostgres;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.DatabaseServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * One PostgreSQL server for all tests of a JVM, with a new database for each caller. The data directory of an earlier JVM
 * is deleted: the recovery of its hundreds of databases takes longer than creating one.
 */
public final class TestDatabase {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Path FOLDER = Path.of("target/test-postgres");
    private static final EmbeddedPostgres SERVER;

    static {
        FileTree.delete(FOLDER);
        SERVER = EmbeddedPostgres.start(FOLDER, Path.of("target/test-native"));
        Runtime.getRuntime().addShutdownHook(new Thread(SERVER::closeAtOnce));
    }

    private TestDatabase() {}

    /** Creates an empty database and returns its data source. */
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

    /** Creates a database with the registry's schema. */
    public static Database open() {
        return Database.open(new DatabaseServer.External(newDatabase()));
    }

    /** Statements that insert at least one row into every table of schema version 13. */
    public static String rowsOfSchema13() throws IOException {
        return Files.readString(Path.of("src/test/resources/database/v13-rows.sql"));
    }
}
