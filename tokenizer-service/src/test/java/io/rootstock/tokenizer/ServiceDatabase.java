package io.rootstock.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.rootstock.postgres.EmbeddedPostgres;
import io.rootstock.postgres.RunningPostgres;
import io.rootstock.tokenizer.catalogue.CatalogueDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** A PostgreSQL server in the home of the tested service, as the registry starts it, without the service's schema. */
public final class ServiceDatabase implements QuarkusTestResourceLifecycleManager {
    private static final Path FOLDER = Path.of("target/test-home/registry/postgres");

    private EmbeddedPostgres server;

    @Override
    public Map<String, String> start() {
        server = EmbeddedPostgres.start(FOLDER, Path.of("target/test-native"));
        execute("drop schema if exists tokenizer cascade");
        return Map.of();
    }

    @Override
    public void stop() {
        server.closeAtOnce();
    }

    /** Waits until the service has connected to the database and migrated its schema. */
    public static void await(CatalogueDatabase database) {
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (!database.isOpen()) {
            assertThat(System.nanoTime()).as("no database after a minute").isLessThan(end);
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** Runs a statement in the database of the tested service. */
    public static void execute(String sql) {
        try (Connection connection = new RunningPostgres(FOLDER).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
