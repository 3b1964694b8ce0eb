package io.rootstock.tokenizer;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.rootstock.postgres.EmbeddedPostgres;
import io.rootstock.postgres.RunningPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL server with the catalogue's schema, as the registry starts and migrates it: in the home of the tested
 * service, and with a new database for each caller of {@link #newDatabase}.
 */
public final class TestDatabase implements QuarkusTestResourceLifecycleManager {
    private static final Path FOLDER = Path.of("target/test-home/registry/postgres");
    private static final Path MIGRATIONS = Path.of("../registry-service/src/main/resources/db/migration");
    private static final List<String> SCHEMA =
            List.of("V18__tokenizer_catalogue.sql", "V25__tokenizer_space.sql", "V32__corpora.sql");
    private static final AtomicInteger COUNT = new AtomicInteger();

    private EmbeddedPostgres server;

    /** One server for all unit tests of a JVM. */
    private static final class Shared {
        private static final EmbeddedPostgres SERVER =
                EmbeddedPostgres.start(Path.of("target/test-postgres"), Path.of("target/test-native"));

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(SERVER::closeAtOnce));
        }
    }

    @Override
    public Map<String, String> start() {
        server = EmbeddedPostgres.start(FOLDER, Path.of("target/test-native"));
        migrate(server.dataSource());
        return Map.of();
    }

    @Override
    public void stop() {
        server.closeAtOnce();
    }

    /** Connections to the database of the tested service. */
    public static PGSimpleDataSource ofService() {
        return new RunningPostgres(FOLDER);
    }

    /** Creates a database with an empty catalogue. */
    public static PGSimpleDataSource newDatabase() {
        String name = "test" + COUNT.incrementAndGet();
        PGSimpleDataSource shared = Shared.SERVER.dataSource();
        execute(shared, "drop database if exists " + name + " with (force)");
        execute(shared, "create database " + name);
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(shared.getServerNames());
        source.setPortNumbers(shared.getPortNumbers());
        source.setUser(shared.getUser());
        source.setPassword(shared.getPassword());
        source.setDatabaseName(name);
        migrate(source);
        return source;
    }

    /** Runs a statement. */
    public static void execute(PGSimpleDataSource source, String sql) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void migrate(PGSimpleDataSource source) {
        try {
            execute(source, "drop schema if exists tokenizer cascade");
            for (String migration : SCHEMA) {
                execute(source, Files.readString(MIGRATIONS.resolve(migration)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
