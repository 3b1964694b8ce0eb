package io.rootstock.registry.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.TestDatabase;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.DatabaseServer;
import io.rootstock.registry.database.Migrations;
import io.rootstock.registry.database.Sql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** Restores backups of this and of other schemas. */
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
            PGSimpleDataSource full = TestDatabase.newDatabase();
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
    void aBackupOfAnEarlierSchemaIsMigratedAndOneOfALaterSchemaRefused() throws Exception {
        PGSimpleDataSource old = TestDatabase.newDatabase();
        old.setCurrentSchema(Migrations.SCHEMA);
        Migrations.migrate(old, 13);
        BackupFixture.execute(old, TestDatabase.rowsOfSchema13());
        try (BackupStore target = fixture.target();
                Connection connection = old.getConnection()) {
            List<BackupManifest.Table> tables = DatabaseDump.tables(connection, target.artifacts());
            List<BackupManifest.Sequence> sequences = DatabaseTables.sequences(connection);
            assertThat(tables).hasSize(21);
            String name = target.complete(manifest(target, 13, tables, sequences));
            PGSimpleDataSource restored = TestDatabase.newDatabase();
            Backups.Result _ = fixture.restore(restored, target, name, scratch.resolve("restored"));
            for (BackupManifest.Table table : tables) {
                assertThat(rows(restored, table.name(), "t")).as(table.name()).hasSize((int) table.rows());
            }
            for (String table :
                    List.of("model", "version", "version_artifact", "version_metric", "webhook", "alias_move")) {
                String columns = "(" + String.join(", ", columns(tables, table)) + ")";
                assertThat(rows(restored, table, columns)).isEqualTo(rows(old, table, columns));
            }
            assertThat(rows(restored, "version_metric", "value")).contains("0.3333333333333333", "NaN");
            BackupFixture.execute(
                    restored, "insert into registry.job_command (job, command) values ('job-2', 'RESUME')");
            assertThat(rows(restored, "job_command", "id").stream().mapToLong(Long::parseLong))
                    .contains(1L, 2L, 1_000_000_003L);
            BackupFixture.execute(
                    restored,
                    "insert into registry.file (id, file_name, purpose, bytes, digest)"
                            + " values ('file-2', 'x', 'FINE_TUNE', 1, '')");
            assertThat(rows(restored, "file", "number")).containsExactly("1", "2");
            try (Database migrated = Database.open(new DatabaseServer.External(restored))) {
                assertThat(migrated.<Integer>read(DatabaseTables::schema)).isEqualTo(Migrations.newest());
            }

            String newer = target.complete(manifest(target, Migrations.newest() + 1, tables, sequences));
            StatusRuntimeException refused = BackupFixture.failure(
                    () -> fixture.restore(TestDatabase.newDatabase(), target, newer, scratch.resolve("none")));
            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
            assertThat(refused).hasMessageContaining("restore it with the release that made it, or a newer one");
        }
    }

    private static BackupManifest manifest(
            BackupStore target,
            int schema,
            List<BackupManifest.Table> tables,
            List<BackupManifest.Sequence> sequences) {
        return new BackupManifest(
                BackupManifest.FORMAT,
                Instant.now().toString(),
                schema,
                tables,
                sequences,
                target.put(new byte[0]).value(),
                0,
                0,
                List.of(),
                0);
    }

    private static List<String> columns(List<BackupManifest.Table> tables, String name) {
        return tables.stream()
                .filter(table -> table.name().equals(name))
                .findFirst()
                .orElseThrow()
                .columns();
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
            return Sql.of(connection, "select (" + columns + ")::text from registry." + table + " t order by 1")
                    .list(row -> row.getString(1));
        }
    }
}
