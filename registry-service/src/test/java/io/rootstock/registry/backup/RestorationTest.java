package io.rootstock.registry.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.database.NextRelease;
import io.rootstock.database.Schema;
import io.rootstock.database.TestDatabase;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.DatabaseServer;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.v1.Version;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** Restores backups of this and of other releases. */
class RestorationTest {
    @TempDir
    private Path scratch;

    private BackupFixture fixture;

    @BeforeEach
    void start() {
        fixture = new BackupFixture(scratch);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void anInstallationWithResourcesOrARunningRegistryIsNotChanged() throws Exception {
        fixture.registry.register("base");
        try (BackupStore target = fixture.target()) {
            Backups.Result _ = fixture.backups.create(target, BackupFixture.SILENT);
        }
        try (BackupStore source = fixture.opened()) {
            PGSimpleDataSource full = TestDatabase.create();
            Database.open(new DatabaseServer.External(full)).close();
            BackupFixture.execute(
                    full,
                    "insert into registry.model (id) values ('mine'); insert into tokenizer.resource"
                            + " (kind, id, fingerprint, request_id, digest, resource) values ('DATASET', 'd', '', '', '', '')");
            StatusRuntimeException notEmpty =
                    BackupFixture.failure(() -> fixture.restore(full, source, "", scratch.resolve("other")));
            assertThat(notEmpty.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
            assertThat(notEmpty).hasMessageContaining("1 models, 1 tokenizers, datasets and uploaded files");
            try (Database unchanged = Database.open(new DatabaseServer.External(full))) {
                assertThat(unchanged.<String>read(connection ->
                                Sql.of(connection, "select id from model").one(row -> row.getString(1))))
                        .isEqualTo("mine");
            }
            StatusRuntimeException leads = BackupFixture.failure(() -> {
                RegistryHarness.eventually(() -> leads(fixture.registry.source()));
                fixture.restore(fixture.registry.source(), source, "", scratch.resolve("other"));
            });
            assertThat(leads.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
            assertThat(leads).hasMessageContaining("stop all services");
        }
    }

    @Test
    void aBackupOfAnEarlierReleaseIsMigratedAndOneOfALaterReleaseRefused() throws Exception {
        PGSimpleDataSource old = TestDatabase.createEmpty();
        DatabaseTables.SCHEMAS.forEach(schema -> schema.migrate(old, 1));
        BackupFixture.execute(old, NextRelease.rowsOfMigration1());
        try (BackupStore target = fixture.target();
                Connection connection = old.getConnection()) {
            List<BackupManifest.Table> tables = DatabaseDump.tables(connection, target.artifacts());
            List<BackupManifest.Sequence> sequences = DatabaseTables.sequences(connection);
            assertThat(tables).hasSizeGreaterThan(40);
            Map<String, Integer> versions = DatabaseTables.versions(connection);
            assertThat(versions).containsExactly(Map.entry("registry", 1), Map.entry("tokenizer", 1));
            String name = target.complete(manifest(target, versions, tables, sequences));
            PGSimpleDataSource restored = TestDatabase.createEmpty();
            Backups.Result _ = Restoration.run(
                    new DatabaseServer.External(restored),
                    new DirectoryArtifactStore(scratch.resolve("restored")),
                    target,
                    name,
                    BackupFixture.SILENT,
                    List.of(NextRelease.REGISTRY, NextRelease.TOKENIZER));
            for (BackupManifest.Table table : tables) {
                String columns = "row(" + String.join(", ", table.columns()) + ")";
                String full = table.schema() + "." + table.name();
                if (!table.name().equals("job_command")) {
                    assertThat(rows(restored, full, columns)).as(full).isEqualTo(rows(old, full, columns));
                }
            }
            assertThat(rows(restored, "registry.version_metric", "value")).contains("0.3333333333333333", "NaN");
            assertThat(rows(restored, "registry.model", "next")).containsExactly("base", "spam");
            assertThat(rows(restored, "tokenizer.resource", "next")).containsExactly("text");
            BackupFixture.execute(
                    restored, "insert into registry.job_command (job, command) values ('job-2', 'RESUME')");
            assertThat(rows(restored, "registry.job_command", "id").stream().mapToLong(Long::parseLong))
                    .contains(1L, 2L, 1_000_000_003L);
            BackupFixture.execute(
                    restored,
                    "insert into registry.file (id, file_name, purpose, bytes, digest)"
                            + " values ('file-2', 'x', 'FINE_TUNE', 1, '')");
            assertThat(rows(restored, "registry.file", "number")).containsExactly("1", "2");
            try (Connection migrated = restored.getConnection()) {
                assertThat(DatabaseTables.versions(migrated))
                        .containsExactly(
                                Map.entry("registry", NextRelease.VERSION),
                                Map.entry("tokenizer", NextRelease.VERSION));
            }

            for (Schema schema : DatabaseTables.SCHEMAS) {
                Map<String, Integer> later = new HashMap<>(versions);
                later.put(schema.name(), schema.newest() + 1);
                String newer = target.complete(manifest(target, later, tables, sequences));
                StatusRuntimeException refused = BackupFixture.failure(
                        () -> fixture.restore(TestDatabase.createEmpty(), target, newer, scratch.resolve("none")));
                assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
                assertThat(refused)
                        .hasMessageContaining("schema " + schema.name())
                        .hasMessageContaining("restore it with the release that made it, or a newer one");
            }
        }
    }

    @Test
    void anInstallationWhoseTokenizerServiceHasNeverStartedIsRestored() throws Exception {
        BackupFixture.execute(fixture.registry.source(), "drop schema tokenizer cascade");
        Version version = fixture.registry.register("base");
        try (BackupStore target = fixture.target()) {
            Backups.Result made = fixture.backups.create(target, BackupFixture.SILENT);
            assertThat(made.schemas()).containsOnlyKeys("registry");
            PGSimpleDataSource restored = TestDatabase.createEmpty();
            Backups.Result _ = fixture.restore(restored, target, made.name(), scratch.resolve("restored"));
            assertThat(rows(restored, "registry.model", "id")).containsExactly("base");
            assertThat(rows(restored, "registry.version_artifact", "digest")).hasSize(version.getArtifactsCount());
            try (Connection connection = restored.getConnection()) {
                assertThat(DatabaseTables.versions(connection)).containsOnlyKeys("registry");
            }
        }
    }

    private static BackupManifest manifest(
            BackupStore target,
            Map<String, Integer> schemas,
            List<BackupManifest.Table> tables,
            List<BackupManifest.Sequence> sequences) {
        return new BackupManifest(
                BackupManifest.FORMAT,
                Instant.now().toString(),
                schemas,
                tables,
                sequences,
                target.put(new byte[0]).value(),
                0,
                0,
                List.of(),
                0);
    }

    private static boolean leads(PGSimpleDataSource source) {
        try (Connection connection = source.getConnection()) {
            return Sql.of(
                            connection,
                            "select count(*) > 0 from pg_locks where locktype = 'advisory' and database ="
                                    + " (select oid from pg_database where datname = current_database())")
                    .one(row -> row.getBoolean(1));
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> rows(PGSimpleDataSource source, String table, String columns) throws SQLException {
        try (Connection connection = source.getConnection()) {
            return Sql.of(connection, "select (" + columns + ")::text from " + table + " t order by 1")
                    .list(row -> row.getString(1));
        }
    }
}
