package io.rootstock.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;

/**
 * The PostgreSQL schema of one service, with its migrations. The service migrates its schema when it starts; the registry
 * also creates the tokenizer service's schema when it restores a backup. A released migration never changes.
 *
 * @param name name of the schema; the database may contain other schemas
 * @param scripts file names of the migrations in the class path folder {@code /db/NAME}, {@code V1__TITLE.sql} first. The
 *     list is explicit because class loaders list folders differently.
 */
public record Schema(String name, List<String> scripts) {
    /** Models, jobs and everything else of the registry. */
    public static final Schema REGISTRY = new Schema("registry", List.of("V1__registry.sql"));

    /** The catalogue and the corpora of the tokenizer service. */
    public static final Schema TOKENIZER = new Schema("tokenizer", List.of("V1__tokenizer.sql"));

    /** Table in which Flyway records the applied migrations. */
    public static final String HISTORY = "flyway_schema_history";

    /** Attempts of a migration that deadlocks with transactions of services that still run. */
    private static final int MAX_ATTEMPTS = 10;

    private static final String DEADLOCK = "40P01";

    /** Number of the newest migration. */
    public int newest() {
        String newest = scripts.getLast();
        return Integer.parseInt(newest.substring(1, newest.indexOf("__")));
    }

    /**
     * Migrates to the newest migration; creates the schema if it does not exist.
     *
     * @throws SchemaException if the schema is of a newer release or of a build before the first one, or if a migration
     *     fails; the schema is then unchanged
     */
    public void migrate(DataSource source) {
        migrate(source, newest());
    }

    /** Migrates to a migration, as {@link #migrate(DataSource)}. */
    public void migrate(DataSource source, int version) {
        for (int attempt = 1; !migrated(source, version, attempt == MAX_ATTEMPTS); attempt++) {}
    }

    /** Returns false if the migration lost against transactions of running services, unless it is the last attempt. */
    private boolean migrated(DataSource source, int version, boolean last) {
        try {
            Flyway flyway = Flyway.configure(Schema.class.getClassLoader())
                    .dataSource(source)
                    .schemas(name)
                    .target(MigrationVersion.fromVersion(Integer.toString(version)))
                    .resourceProvider(new Scripts())
                    .javaMigrationClassProvider(List::of)
                    .ignoreMigrationPatterns(new String[0])
                    .connectRetries(10)
                    .cleanDisabled(true)
                    .load();
            for (MigrationInfo applied : flyway.info().applied()) {
                requireKnown(applied);
            }
            flyway.migrate();
            return true;
        } catch (FlywayException e) {
            if (!last && isDeadlock(e)) {
                return false;
            }
            if (e.getErrorCode() == CoreErrorCode.NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE) {
                throw unreleased(e);
            }
            throw new SchemaException("cannot migrate the database's schema " + name + ": " + e.getMessage(), e);
        }
    }

    private static boolean isDeadlock(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && DEADLOCK.equals(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    /** Returns the newest applied migration; 0 if the schema does not exist. */
    public int version(Connection connection) throws SQLException {
        String history = name + "." + HISTORY;
        try (PreparedStatement query = connection.prepareStatement("select to_regclass(?) is not null")) {
            query.setString(1, history);
            try (ResultSet exists = query.executeQuery()) {
                if (!exists.next() || !exists.getBoolean(1)) {
                    return 0;
                }
            }
        }
        try (Statement statement = connection.createStatement();
                ResultSet version = statement.executeQuery("select coalesce(max(version::integer), 0) from " + history
                        + " where success and version is not null")) {
            version.next();
            return version.getInt(1);
        }
    }

    /** Migrations of a newer release follow those of this one; builds before the first release had another first one. */
    private void requireKnown(MigrationInfo applied) {
        if (applied.getVersion() == null) {
            return;
        }
        int version = Integer.parseInt(applied.getVersion().getVersion());
        if (version == 1 && !applied.getScript().equals(scripts.getFirst())) {
            throw unreleased(null);
        }
        if (version > newest()) {
            throw new SchemaException("the database's schema " + name + " has migration " + version
                    + ", this release knows " + newest() + "; start the release that migrated it, or a newer one");
        }
    }

    private SchemaException unreleased(FlywayException cause) {
        return new SchemaException(
                "the database's schema " + name
                        + " was made by a build before the first release and cannot be migrated;"
                        + " nothing was changed. Use another ROOTSTOCK_HOME, or another database"
                        + " (rootstock.registry.database-url)",
                cause);
    }

    private final class Scripts implements ResourceProvider {
        @Override
        public LoadableResource getResource(String script) {
            return scripts.contains(script) ? new Script(script) : null;
        }

        @Override
        public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
            return scripts.stream()
                    .filter(script -> script.startsWith(prefix))
                    .filter(script -> List.of(suffixes).stream().anyMatch(script::endsWith))
                    .map(script -> (LoadableResource) new Script(script))
                    .toList();
        }
    }

    private final class Script extends LoadableResource {
        private final String script;

        private Script(String script) {
            this.script = script;
        }

        @Override
        public Reader read() {
            try (InputStream in = Schema.class.getResourceAsStream(getAbsolutePath())) {
                if (in == null) {
                    throw new SchemaException("the migration " + getAbsolutePath() + " is not on the class path");
                }
                Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8);
                return new StringReader(reader.readAllAsString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String getAbsolutePath() {
            return "/db/" + name + "/" + script;
        }

        @Override
        public String getAbsolutePathOnDisk() {
            return getAbsolutePath();
        }

        @Override
        public String getFilename() {
            return script;
        }

        @Override
        public String getRelativePath() {
            return script;
        }
    }
}
