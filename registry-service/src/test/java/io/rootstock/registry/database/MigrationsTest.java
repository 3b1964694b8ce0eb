package io.rootstock.registry.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.names.VersionReference;
import io.rootstock.registry.TestDatabase;
import io.rootstock.registry.model.ArtifactCheck;
import io.rootstock.registry.model.Models;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.JobState;
import io.rootstock.registry.v1.JobStateChanged;
import io.rootstock.registry.v1.Version;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.ClassificationReport;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.RunEvaluation;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunProgress;
import io.rootstock.trainer.v1.RunResolved;
import io.rootstock.trainer.v1.SpecialTokens;
import io.rootstock.trainer.v1.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

class MigrationsTest {
    @TempDir
    private Path scratch;

    @Test
    void createsTheSchemaAndKeepsItAtTheNextStart() throws SQLException {
        PGSimpleDataSource source = TestDatabase.newDatabase();
        Database.open(new DatabaseServer.External(source)).close();
        execute(source, "insert into registry.model (id) values ('kept')");
        try (Database database = Database.open(new DatabaseServer.External(source))) {
            assertThat(database.<String>read(connection ->
                            Sql.of(connection, "select id from model").one(row -> row.getString(1))))
                    .isEqualTo("kept");
            assertThat(database.<Integer>read(connection -> Sql.of(
                                    connection, "select count(*) from flyway_schema_history where version is not null")
                            .one(row -> row.getInt(1))))
                    .isEqualTo(Migrations.ALL.size() + Migrations.JAVA.size());
        }
    }

    @Test
    void everyFileOfAMigrationIsListed() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Migrations.ALL);
        }
    }

    @Test
    void rejectsASchemaOfANewerRegistry() throws SQLException {
        PGSimpleDataSource source = TestDatabase.newDatabase();
        Database.open(new DatabaseServer.External(source)).close();
        execute(source, """
                insert into registry.flyway_schema_history
                select installed_rank + 100, '999', 'from the future', type, 'V999__future.sql', checksum,
                    installed_by, installed_on, execution_time, success
                from registry.flyway_schema_history where version = '2'
                """);
        assertThatThrownBy(
                        () -> Database.open(new DatabaseServer.External(source)).close())
                .isInstanceOf(DatabaseStartException.class)
                .hasMessageContaining("999");
    }

    @Test
    void changesOfAnAppliedMigrationAreRejected() throws SQLException {
        PGSimpleDataSource source = TestDatabase.newDatabase();
        Database.open(new DatabaseServer.External(source)).close();
        execute(source, "update registry.flyway_schema_history set checksum = checksum + 1 where version = '1'");
        assertThatThrownBy(
                        () -> Database.open(new DatabaseServer.External(source)).close())
                .hasMessageContaining("checksum");
    }

    @Test
    void theDesiredStateOfAStoredJobIsDerivedFromItsStateAndMessage() throws SQLException {
        PGSimpleDataSource source = at("5");
        execute(source, """
                insert into job (id, spec, state, message) values
                    ('a', '', 'RUNNING', ''),
                    ('b', '', 'RUNNING', 'pause requested'),
                    ('c', '', 'QUEUED', 'cancellation requested'),
                    ('d', '', 'PAUSED', 'a checkpoint is written'),
                    ('e', '', 'CANCELLED', 'cancelled by request'),
                    ('f', '', 'FAILED', 'pause requested late')
                """);
        try (Database database = Database.open(new DatabaseServer.External(source))) {
            assertThat(database.<List<String>>read(
                            connection -> Sql.of(connection, "select desired_state from job order by id")
                                    .list(row -> row.getString(1))))
                    .containsExactly("RUNNING", "PAUSED", "CANCELLED", "PAUSED", "CANCELLED", "RUNNING");
        }
    }

    @Test
    void artifactsAndMetricsOfStoredVersionsBecomeRowsInTheirOrder() throws SQLException {
        PGSimpleDataSource source = at("6");
        SpecialTokens tokens = SpecialTokens.newBuilder().setBos("<s>").build();
        execute(source, """
                insert into model (id, latest_version) values ('base', 2);
                insert into version (model, number, kind, dataset, dataset_digest, tokenizer, tokenizer_digest,
                    artifact_kinds, artifact_digests, artifact_bytes, special_tokens, labels, metric_names, metric_values)
                values
                    ('base', 1, 'BASE', '', '', '', '', '{}', '{}', '{}', null, '{}', '{}', '{}'),
                    ('base', 2, 'BASE', 'datasets/text', 'sha256:d', '', '', '{HUGGING_FACE, GGUF_F32}',
                        '{sha256:h, sha256:g}', '{10, 20}', '\\x%s', '{ham, spam}', '{loss, accuracy}',
                        '{0.1, 0.3333333333333333}')
                """.formatted(HexFormat.of().formatHex(tokens.toByteArray())));
        try (Database database = Database.open(new DatabaseServer.External(source))) {
            Models models = new Models(
                    database, new ArtifactCheck(new DirectoryArtifactStore(scratch)), name -> Optional.empty());
            assertThat(models.version(VersionReference.parse("base:1")).getArtifactsList())
                    .isEmpty();
            Version version = models.version(VersionReference.parse("base:2"));
            assertThat(version.getArtifactsList())
                    .containsExactly(
                            Artifact.newBuilder()
                                    .setKind(ArtifactKind.ARTIFACT_KIND_HUGGING_FACE)
                                    .setDigest("sha256:h")
                                    .setBytes(10)
                                    .setSpecialTokens(tokens)
                                    .build(),
                            Artifact.newBuilder()
                                    .setKind(ArtifactKind.ARTIFACT_KIND_GGUF_F32)
                                    .setDigest("sha256:g")
                                    .setBytes(20)
                                    .build());
            assertThat(version.getMetricsMap())
                    .containsOnly(Map.entry("loss", 0.1), Map.entry("accuracy", 0.3333333333333333));
            assertThat(version.getLabelsList()).containsExactly("ham", "spam");
        }
        for (String table : List.of("version", "version_artifact", "version_metric")) {
            assertThatThrownBy(() -> execute(source, "delete from registry." + table))
                    .hasMessageContaining("never change");
        }
    }

    @Test
    void evaluationsOfStoredJobsBecomeRowsInTheirOrder() throws SQLException {
        PGSimpleDataSource source = at("7");
        RunEvaluation validation = RunEvaluation.newBuilder()
                .setStep(-1)
                .setSplit("validation")
                .setLoss(2.5)
                .putMetrics("accuracy", 0.5)
                .build();
        RunEvaluation test = RunEvaluation.newBuilder()
                .setStep(Long.MAX_VALUE)
                .setSplit("test")
                .setBitsPerByte(1.0 / 3)
                .setClassification(ClassificationReport.newBuilder().addAllConfusion(Collections.nCopies(200, 3L)))
                .build();
        byte[] evaluations = Job.newBuilder()
                .addEvaluations(validation)
                .addEvaluations(test)
                .build()
                .toByteArray();
        execute(source, """
                insert into job (id, spec, state, message, evaluations) values
                    ('without', '', 'FAILED', '', null),
                    ('with', '', 'FAILED', '', '\\x%s')
                """.formatted(HexFormat.of().formatHex(evaluations)));
        try (Database database = Database.open(new DatabaseServer.External(source))) {
            assertThat(database.<List<RunEvaluation>>read(connection -> Sql.of(
                                    connection,
                                    "select evaluation from job_evaluation where job = 'with' order by position")
                            .list(row -> parsed(row.getBytes(1)))))
                    .containsExactly(validation, test);
            assertThat(database.<List<String>>read(connection -> Sql.of(
                                    connection, "select job || ' ' || split from job_evaluation order by position")
                            .list(row -> row.getString(1))))
                    .containsExactly("with validation", "with test");
        }
    }

    @Test
    void datasetAndOutputModelOfStoredJobsBecomeColumns() throws SQLException {
        PGSimpleDataSource source = at("9");
        byte[] spec = JobSpec.newBuilder()
                .setTask(Task.TASK_PRETRAIN)
                .setDataset("datasets/text")
                .setOutputModel("models/base")
                .setDollarsPerHour(2.5)
                .setHyperparameters(Hyperparameters.newBuilder().setTokens(300).setLearningRate(0.5f))
                .build()
                .toByteArray();
        execute(source, """
                insert into job (id, spec, state, message) values
                    ('empty', '', 'FAILED', ''), ('full', '\\x%s', 'FAILED', '');
                insert into model (id, latest_version) values ('base', 1);
                insert into version (model, number, kind, dataset, dataset_digest, tokenizer, tokenizer_digest, labels)
                    values ('base', 1, 'BASE', '', '', '', '', '{}');
                insert into alias_move (sequence, model, alias, to_number, reason) values (1, 'base', 'production', 1, '')
                """.formatted(HexFormat.of().formatHex(spec)));
        try (Database database = Database.open(new DatabaseServer.External(source))) {
            assertThat(database.<List<String>>read(connection -> Sql.of(
                                    connection, "select dataset_name || '|' || output_model from job order by id")
                            .list(row -> row.getString(1))))
                    .containsExactly("|", "datasets/text|models/base");
        }
        assertThatThrownBy(() -> execute(source, "delete from registry.alias_move"))
                .hasMessageContaining("never change");
        execute(
                source,
                "begin; select set_config('registry.deletion', 'on', true);"
                        + " delete from registry.version where model = 'base'; commit");
        assertThatThrownBy(() -> execute(source, "delete from registry.alias_move"))
                .hasMessageContaining("never change");
    }

    @Test
    void metricsOfStoredEventsBecomeSeriesAndTheEventsStay() throws SQLException {
        PGSimpleDataSource source = at("15");
        execute(
                source,
                "insert into job (id, spec, state, message, dataset_name, output_model, last_sequence)"
                        + " values ('a', '', 'FAILED', '', '', '', 7), ('b', '', 'FAILED', '', '', '', 0)");
        List<RunEvent.Builder> events = List.of(
                RunEvent.newBuilder().setResolved(RunResolved.newBuilder().setStartStep(0)),
                progress(10, 4.5),
                progress(20, 3.5),
                RunEvent.newBuilder()
                        .setEvaluation(RunEvaluation.newBuilder()
                                .setStep(20)
                                .setSplit("test")
                                .setLoss(1.0 / 3)),
                RunEvent.newBuilder().setResolved(RunResolved.newBuilder().setStartStep(10)),
                progress(15, Double.NaN));
        for (int i = 0; i < events.size(); i++) {
            byte[] payload =
                    JobEvent.newBuilder().setRunEvent(events.get(i)).build().toByteArray();
            execute(
                    source,
                    "insert into job_event values ('a', %d, 0, %d, '\\x%s', '2026-01-02 03:04:0%d+00')"
                            .formatted(i + 1, i + 1, HexFormat.of().formatHex(payload), i));
        }
        byte[] state = JobEvent.newBuilder()
                .setStateChanged(JobStateChanged.newBuilder().setState(JobState.JOB_STATE_FAILED))
                .build()
                .toByteArray();
        execute(
                source,
                "insert into job_event values ('a', 7, null, null, '\\x%s', now())"
                        .formatted(HexFormat.of().formatHex(state)));
        try (Database database = Database.open(new DatabaseServer.External(source))) {
            assertThat(database.<List<String>>read(
                            connection -> Sql.of(connection, """
                                    select name || ' ' || step || ' ' || value || ' ' || extract(second from time)::int
                                    from metric_point join metric_series on metric_series.id = series
                                    where name like '%loss' order by name, step
                                    """).list(row -> row.getString(1))))
                    .containsExactly("training/loss 10 4.5 1", "training/loss 15 NaN 5");
            assertThat(database.<Integer>read(connection ->
                            Sql.of(connection, "select count(*) from job_event").one(row -> row.getInt(1))))
                    .isEqualTo(7);
        }
    }

    private static RunEvent.Builder progress(long step, double loss) {
        return RunEvent.newBuilder()
                .setProgress(RunProgress.newBuilder().setStep(step).setLoss(loss));
    }

    void everyRowOfSchema13KeepsItsValues() throws SQLException, IOException {
        PGSimpleDataSource source = at("13");
        execute(source, TestDatabase.rowsOfSchema13());
        List<String> tables = new ArrayList<>();
        Map<String, List<String>> before = new LinkedHashMap<>();
        try (Connection connection = source.getConnection()) {
            tables.addAll(Sql.of(connection, """
                            select table_name from information_schema.tables
                            where table_schema = 'registry' and table_name <> 'flyway_schema_history'
                            """).list(row -> row.getString(1)));
            for (String table : tables) {
                before.put(
                        table,
                        Sql.of(connection, "select to_jsonb(t)::text from registry." + table + " t order by 1")
                                .list(row -> row.getString(1)));
            }
        }
        assertThat(before)
                .hasSize(21)
                .allSatisfy((table, rows) -> assertThat(rows).isNotEmpty());
        try (Database database = Database.open(new DatabaseServer.External(source))) {
            before.forEach((table, rows) -> rows.forEach(row -> assertThat(database.<Integer>read(connection -> Sql.of(
                                    connection,
                                    "select count(*) from registry." + table + " t where to_jsonb(t) @> ?::jsonb",
                                    row)
                            .one(count -> count.getInt(1))))
                    .as(table + " " + row)
                    .isEqualTo(1)));
        }
    }

    private static RunEvaluation parsed(byte[] message) {
        try {
            return RunEvaluation.parseFrom(message);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    /** Creates a database whose schema is at an earlier version. */
    @Test
    void storedJobsBelongToTheLocalUserAndDoNotWaitForDevices() throws SQLException {
        PGSimpleDataSource source = at("32");
        execute(source, """
                insert into job (id, spec, state, message, dataset_name, output_model, started) values
                    ('queued', '', 'QUEUED', '', '', '', true), ('validating', '', 'VALIDATING', '', '', '', false)
                """);
        try (Database database = Database.open(new DatabaseServer.External(source))) {
            assertThat(database.<List<String>>read(connection -> Sql.of(
                                    connection,
                                    "select job || ' ' || owner || ' ' || team || ' ' || priority || ' ' ||"
                                            + " coalesce(waiting, 'none') || ' ' || (release_time is null)"
                                            + " from job_schedule order by job")
                            .list(row -> row.getString(1))))
                    .containsExactly(
                            "queued users/local users/local NORMAL none false",
                            "validating users/local users/local NORMAL none true");
        }
    }

    private static PGSimpleDataSource at(String version) {
        PGSimpleDataSource source = TestDatabase.newDatabase();
        source.setCurrentSchema(Migrations.SCHEMA);
        Migrations.migrate(source, MigrationVersion.fromVersion(version));
        return source;
    }

    private static void execute(PGSimpleDataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
