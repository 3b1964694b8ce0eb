package io.rootstock.tokenizer;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.rootstock.postgres.EmbeddedPostgres;
import io.rootstock.postgres.RunningPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

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
