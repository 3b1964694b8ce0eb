package io.rootstock.registry.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.migration.JavaMigration;
import org.flywaydb.core.api.resource.LoadableResource;

/**
 * The schema's migrations, oldest first. A released migration never changes. The list is explicit because class loaders
 * list resource folders differently.
 */
public final class Migrations {
    /** The PostgreSQL schema of all tables; an external database may contain other schemas. */
    public static final String SCHEMA = "registry";

    static final List<String> ALL = List.of(
            "V1__models.sql",
            "V2__jobs.sql",
            "V3__candidates.sql",
            "V4__ranks.sql",
            "V5__special_tokens.sql",
            "V6__desired_state.sql",
            "V7__version_tables.sql",
            "V8__job_evaluations.sql",
            "V9__canary.sql",
            "V10__deletion.sql",
            "V11__fine_tuning.sql",
            "V12__webhooks.sql",
            "V13__descriptions.sql",
            "V14__command_delays.sql",
            "V15__request_retention.sql",
            "V16__identity.sql",
            "V18__tokenizer_catalogue.sql",
            "V20__version_life_cycle.sql",
            "V21__added_gguf_files.sql",
            "V22__metric_series.sql",
            "V24__job_retention.sql",
            "V25__tokenizer_space.sql",
            "V26__evaluations.sql",
            "V27__gates.sql",
            "V30__canary_analysis.sql",
            "V31__mixtures.sql",
            "V32__corpora.sql",
            "V33__trainer_contact.sql",
            "V34__run_leases.sql",
            "V35__scheduling.sql");

    /** Migrations that read columns with messages; each has a number between those of {@link #ALL}. */
    static final List<JavaMigration> JAVA = List.of(new MetricBackfill());

    private static final String FOLDER = "/db/migration/";

    private Migrations() {}

    /** Version of the newest migration. */
    public static int newest() {
        return ALL.stream().mapToInt(Migrations::version).max().orElseThrow();
    }

    /** Migrates the schema to the newest version; a schema newer than this build is an error. */
    public static void migrate(DataSource dataSource) {
        migrate(dataSource, MigrationVersion.LATEST);
    }

    /** Migrates the schema to a version. */
    public static void migrate(DataSource dataSource, int version) {
        migrate(dataSource, MigrationVersion.fromVersion(Integer.toString(version)));
    }

    static void migrate(DataSource dataSource, MigrationVersion target) {
        try {
            Flyway.configure(Migrations.class.getClassLoader())
                    .dataSource(dataSource)
                    .schemas(SCHEMA)
                    .target(target)
                    .resourceProvider(new Listed())
                    .javaMigrationClassProvider(List::of)
                    .javaMigrations(JAVA.toArray(JavaMigration[]::new))
                    .ignoreMigrationPatterns(new String[0])
                    .connectRetries(10)
                    .cleanDisabled(true)
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new DatabaseStartException(
                    "the database's schema cannot be brought up to date: " + e.getMessage(), e);
        }
    }

    private static int version(String name) {
        return Integer.parseInt(name.substring(1, name.indexOf("__")));
    }

    private static final class Listed implements ResourceProvider {
        @Override
        public LoadableResource getResource(String name) {
            return ALL.contains(name) ? new Script(name) : null;
        }

        @Override
        public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
            return ALL.stream()
                    .filter(name -> name.startsWith(prefix))
                    .filter(name -> List.of(suffixes).stream().anyMatch(name::endsWith))
                    .map(name -> (LoadableResource) new Script(name))
                    .toList();
        }
    }

    private static final class Script extends LoadableResource {
        private final String name;

        private Script(String name) {
            this.name = name;
        }

        @Override
        public Reader read() {
            try (InputStream in = Migrations.class.getResourceAsStream(FOLDER + name)) {
                if (in == null) {
                    throw new DatabaseStartException("the migration " + name + " is not on the class path");
                }
                Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8);
                return new StringReader(reader.readAllAsString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String getAbsolutePath() {
            return FOLDER + name;
        }

        @Override
        public String getAbsolutePathOnDisk() {
            return FOLDER + name;
        }

        @Override
        public String getFilename() {
            return name;
        }

        @Override
        public String getRelativePath() {
            return name;
        }
    }
}
