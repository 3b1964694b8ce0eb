package io.rootstock.bench.controlplane;

import io.rootstock.database.Schema;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunProgress;
import io.rootstock.trainer.v1.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Fills a registry's database: models with versions, artifacts, metrics and an alias; jobs with the events of a finished run,
 * and the series of its loss; as many datasets as jobs. The rows are written with SQL, because RPCs for all of them would take hours.
 *
 * @param models number of models, {@code model-0} to ...
 * @param versions versions of each model, each the parent of the next
 * @param jobs number of jobs, {@code job-0} to ...
 * @param points progress events of each job
 */
public record LargeDatabase(int models, int versions, int jobs, int points) {
    /** Alias of each model, on version 1. The inference service does not follow it. */
    static final String ALIAS = "stable";

    private static final String DIGEST = "'sha256:' || lpad(to_hex(%s), 64, '0')";

    /** A rootstock.tokenizer.v1.Dataset that has only its name, which is field 1. */
    private static final String NAMED_DATASET =
            "'\\x0a'::bytea || set_byte('\\x00', 0, length('datasets/text-' || d)) || ('datasets/text-' || d)::bytea";

    /** Settings of a registry that uses this database; the password is written to a file of {@code home}. */
    public static Map<String, String> settings(Path home, PGSimpleDataSource source) throws IOException {
        Path password = Files.writeString(home.resolve("password"), String.valueOf(source.getPassword()));
        return Map.of(
                "rootstock.registry.database-url",
                "jdbc:postgresql://127.0.0.1:" + source.getPortNumbers()[0] + "/" + source.getDatabaseName(),
                "rootstock.registry.database-user",
                source.getUser(),
                "rootstock.registry.database-password-file",
                password.toString());
    }

    /** Fills the empty database of a registry. */
    public void fill(PGSimpleDataSource source) throws SQLException {
        // Exists if the tokenizer service has started.
        Schema.TOKENIZER.migrate(source);
        try (Connection connection = source.getConnection()) {
            connection.setSchema("registry");
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("set synchronous_commit = off");
                fillModels(statement);
                fillDatasets(statement);
                connection.commit();
            }
            fillJobs(connection);
            connection.commit();
            connection.setAutoCommit(true);
            try (Statement statement = connection.createStatement()) {
                statement.execute("vacuum analyze");
                statement.execute("checkpoint");
            }
        }
    }

    private void fillModels(Statement statement) throws SQLException {
        statement.execute(
                "insert into model (id, latest_version) select 'model-' || m, %d from generate_series(0, %d) m"
                        .formatted(versions, models - 1));
        statement.execute("""
                insert into version (model, number, kind, parent_model, parent_number, dataset, dataset_digest, tokenizer,
                    tokenizer_digest, labels)
                select 'model-' || m, v, 'BASE', case when v > 1 then 'model-' || m end, case when v > 1 then v - 1 end,
                    'datasets/text', %s, 'tokenizers/text', %s, '{}'
                from generate_series(0, %d) m, generate_series(1, %d) v
                """.formatted(DIGEST.formatted("m"), DIGEST.formatted("m"), models - 1, versions));
        statement.execute("""
                insert into version_artifact (model, number, position, kind, digest, bytes)
                select model, number, a, (array['HUGGING_FACE', 'GGUF_F32', 'GGUF_Q8_0'])[a], %s, 1000000
                from version, generate_series(1, 3) a
                """.formatted(DIGEST.formatted("number * 3 + a")));
        statement.execute("""
                insert into version_metric (model, number, name, value)
                select model, number, 'metric-' || n, n / 10.0 from version, generate_series(1, 5) n
                """);
        statement.execute("""
                insert into alias_move (sequence, model, alias, to_number, reason)
                select m + 1, 'model-' || m, '%s', 1, 'filled' from generate_series(0, %d) m
                """.formatted(ALIAS, models - 1));
        statement.execute("""
                insert into alias (model, alias, number, sequence, update_time)
                select model, alias, to_number, sequence, move_time from alias_move
                """);
        statement.execute("update alias_counter set value = " + models);
    }

    private void fillDatasets(Statement statement) throws SQLException {
        statement.execute("""
                insert into tokenizer.resource (kind, id, fingerprint, request_id, digest, resource, bytes)
                select 'DATASET', 'text-' || d, d::text, d::text, %s, %s, 1000000 from generate_series(1, %d) d
                """.formatted(DIGEST.formatted("d"), NAMED_DATASET, jobs));
    }

    private void fillJobs(Connection connection) throws SQLException {
        byte[] spec = JobSpec.newBuilder()
                .setTask(Task.TASK_PRETRAIN)
                .setDataset("datasets/text")
                .setOutputModel("models/model-0")
                .build()
                .toByteArray();
        try (Statement statement = connection.createStatement()) {
            statement.execute("""
                    insert into job (id, kind, model, state, message, last_sequence)
                    select 'job-' || j, 'PRETRAIN', 'model-0', 'SUCCEEDED', 'finished', %d from generate_series(0, %d) j
                    """.formatted(points, jobs - 1));
        }
        try (PreparedStatement insert = connection.prepareStatement("""
                insert into training (job, spec, dataset_name, run_spec, started, source_sequence)
                select id, ?, 'datasets/text', ''::bytea, true, ? from job
                """)) {
            insert.setBytes(1, spec);
            insert.setLong(2, points);
            insert.executeUpdate();
        }
        byte[] payload = JobEvent.newBuilder()
                .setRunEvent(RunEvent.newBuilder()
                        .setSequence(1)
                        .setProgress(RunProgress.newBuilder()
                                .setStep(500)
                                .setTotalSteps(1000)
                                .setTokens(1_000_000)
                                .setTotalTokens(2_000_000)
                                .setLoss(3.25)
                                .setLearningRate(1e-3)
                                .setGradientNorm(0.5)
                                .setTokensPerSecond(10_000)
                                .setEtaSeconds(100)))
                .build()
                .toByteArray();
        try (PreparedStatement insert = connection.prepareStatement("""
                insert into job_event (job, sequence, source_epoch, source_sequence, payload, event_time)
                select 'job-' || j, p, 0, p, ?, clock_timestamp()
                from generate_series(0, ?) j, generate_series(1, ?) p
                """)) {
            insert.setBytes(1, payload);
            insert.setInt(2, jobs - 1);
            insert.setInt(3, points);
            insert.executeUpdate();
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("insert into metric_series (job, name) select id, 'training/loss' from job");
            statement.execute("""
                    insert into metric_point (series, step, time, value)
                    select id, p, clock_timestamp(), 3.25 from generate_series(1, %d) p, metric_series
                    """.formatted(points));
        }
    }
}
