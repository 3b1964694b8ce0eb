package io.rootstock.registry.job;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.Timestamp;
import io.rootstock.names.VersionName;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.metric.MetricRepository;
import io.rootstock.registry.resource.JobDatasets;
import io.rootstock.registry.scheduling.JobSchedule;
import io.rootstock.registry.scheduling.JobSchedules;
import io.rootstock.registry.scheduling.Submission;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.trainer.v1.RunArtifacts;
import io.rootstock.trainer.v1.RunEvaluation;
import io.rootstock.trainer.v1.RunProgress;
import io.rootstock.trainer.v1.RunResolved;
import io.rootstock.trainer.v1.RunSpec;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rows of {@code training} and {@code job_evaluation}. Every change increments the revision of the job, which is its etag. */
final class TrainingRepository {
    private static final String COLUMNS = """
            job.*, training.*, array(
                select evaluation from job_evaluation where job_evaluation.job = job.id order by position) as evaluations,
            """ + JobSchedules.COLUMNS;
    private static final String SELECT = "select " + COLUMNS + " from " + JobSchedules.JOIN + " ";
    private static final String TOUCH =
            "with touched as (update job set revision = revision + 1, update_time = clock_timestamp() where id = ?) ";

    private TrainingRepository() {}

    static void insert(
            Connection connection, String id, JobSpec spec, Optional<VersionName> base, Submission submission)
            throws SQLException {
        Sql.of(
                        connection,
                        """
                        insert into training (job, spec, dataset_name, mixture_datasets, base_model, base_number)
                        values (?, ?, ?, ?, ?, ?::bigint)
                        """,
                        id,
                        spec.toByteArray(),
                        spec.getDataset(),
                        JobDatasets.mixture(spec),
                        base.map(VersionName::model).orElse(null),
                        base.map(VersionName::number).orElse(null))
                .update();
        JobSchedules.insert(connection, id, submission);
    }

    static Optional<TrainingRow> find(Connection connection, String id) throws SQLException {
        return Sql.of(connection, SELECT + "where id = ?", id).first(TrainingRepository::row);
    }

    /** Reads the job and locks its row against other writers until the commit. */
    static Optional<TrainingRow> lock(Connection connection, String id) throws SQLException {
        // The row is read after the lock, because a row of another table is not read again when the lock has waited.
        boolean exists = Sql.of(connection, "select id from job where id = ? for update", id)
                .first(row -> true)
                .isPresent();
        return exists ? find(connection, id) : Optional.empty();
    }

    /** Returns jobs by their ids, in any order. */
    static List<TrainingRow> read(Connection connection, List<String> ids) throws SQLException {
        return Sql.of(connection, SELECT + "where id = any(?)", ids).list(TrainingRepository::row);
    }

    /** Returns whether a job has trained the version of a fine-tuning job that is not complete. */
    static boolean isBeingPromoted(Connection connection, String id) throws SQLException {
        return Sql.of(connection, "select id from fine_tuning where job = ? and state = 'TRAINING'", id)
                .first(row -> row.getString(1))
                .isPresent();
    }

    /** Deletes a job's evaluations, metrics and commands, and the row. */
    static void delete(Connection connection, String id) throws SQLException {
        Outbox.deleteAll(connection, id);
        MetricRepository.delete(connection, id);
        JobSchedules.delete(connection, id);
        for (String table : List.of("job_evaluation", "training")) {
            Sql.of(connection, "delete from " + table + " where job = ?", id).update();
        }
    }

    /** Returns the ids of jobs whose dataset is not resolved yet, oldest first. */
    static List<String> validating(Connection connection) throws SQLException {
        return Sql.of(connection, "select id from job where state = 'VALIDATING' order by number")
                .list(row -> row.getString(1));
    }

    /** Returns the ids of started jobs that are not terminal, oldest first. */
    static List<String> live(Connection connection) throws SQLException {
        return Sql.of(
                        connection,
                        "select id from job join training on training.job = job.id"
                                + " where started and not state = any(?) order by number",
                        JobStates.terminalColumns())
                .list(row -> row.getString(1));
    }

    /** Sets the state that the client wants; a job whose run was removed may have one again. */
    static void setDesired(Connection connection, String id, DesiredState desired, String message) throws SQLException {
        Sql.of(connection, "update job set message = ? where id = ?", message, id)
                .update();
        change(connection, id, "desired_state = ?, run_removed = false", desired.name());
    }

    static void setResolved(Connection connection, String id, Dataset dataset, RunSpec spec) throws SQLException {
        change(connection, id, "dataset = ?, run_spec = ?", dataset.toByteArray(), spec.toByteArray());
    }

    static void setStarted(Connection connection, String id) throws SQLException {
        change(connection, id, "started = true");
    }

    static void setSource(Connection connection, String id, int epoch, long sequence) throws SQLException {
        change(connection, id, "source_epoch = ?, source_sequence = ?", epoch, sequence);
    }

    /** Sets or clears the time since which the trainer does not answer. */
    static void setTrainerLost(Connection connection, String id, Instant since) throws SQLException {
        change(connection, id, "trainer_lost_time = ?::timestamptz", since);
    }

    static void setRunResolved(Connection connection, String id, RunResolved resolved) throws SQLException {
        change(connection, id, "run_resolved = ?", resolved.toByteArray());
    }

    static void setProgress(Connection connection, String id, RunProgress progress) throws SQLException {
        change(connection, id, "progress = ?", progress.toByteArray());
    }

    /** Replaces the evaluation of its split; the split keeps its position. */
    static void setEvaluation(Connection connection, String id, RunEvaluation evaluation) throws SQLException {
        Sql.of(connection, """
                        insert into job_evaluation (job, split, evaluation) values (?, ?, ?)
                        on conflict (job, split) do update set evaluation = excluded.evaluation
                        """, id, evaluation.getSplit(), evaluation.toByteArray())
                .update();
    }

    static void setArtifacts(Connection connection, String id, RunArtifacts artifacts) throws SQLException {
        change(connection, id, "artifacts = ?", artifacts.toByteArray());
    }

    static void setVersion(Connection connection, String id, VersionName version) throws SQLException {
        change(connection, id, "version_model = ?, version_number = ?", version.model(), version.number());
    }

    private static void change(Connection connection, String id, String columns, Object... values) throws SQLException {
        Object[] arguments = new Object[values.length + 2];
        arguments[0] = id;
        System.arraycopy(values, 0, arguments, 1, values.length);
        arguments[values.length + 1] = id;
        Sql.of(connection, TOUCH + "update training set " + columns + " where job = ?", arguments)
                .update();
    }

    private static TrainingRow row(ResultSet row) throws SQLException {
        return new TrainingRow(
                JobRow.read(row),
                message(row, "spec", JobSpec.parser()).orElseThrow(),
                DesiredState.valueOf(row.getString("desired_state")),
                version(row, "base"),
                message(row, "dataset", Dataset.parser()),
                message(row, "run_spec", RunSpec.parser()),
                message(row, "run_resolved", RunResolved.parser()),
                message(row, "progress", RunProgress.parser()),
                evaluations(row),
                message(row, "artifacts", RunArtifacts.parser()),
                version(row, "version"),
                row.getBoolean("started"),
                row.getInt("source_epoch"),
                row.getLong("source_sequence"),
                trainerLost(row),
                JobSchedule.read(row));
    }

    private static Optional<Timestamp> trainerLost(ResultSet row) throws SQLException {
        return row.getObject("trainer_lost_time") == null
                ? Optional.empty()
                : Optional.of(Sql.timestamp(row, "trainer_lost_time"));
    }

    private static Optional<VersionName> version(ResultSet row, String prefix) throws SQLException {
        String model = row.getString(prefix + "_model");
        return model == null ? Optional.empty() : Optional.of(new VersionName(model, row.getLong(prefix + "_number")));
    }

    private static <T extends Message> Optional<T> message(ResultSet row, String column, Parser<T> parser)
            throws SQLException {
        byte[] bytes = row.getBytes(column);
        return bytes == null ? Optional.empty() : Optional.of(parsed(bytes, column, parser));
    }

    private static List<RunEvaluation> evaluations(ResultSet row) throws SQLException {
        List<RunEvaluation> evaluations = new ArrayList<>();
        for (byte[] evaluation : (byte[][]) row.getArray("evaluations").getArray()) {
            evaluations.add(parsed(evaluation, "evaluations", RunEvaluation.parser()));
        }
        return evaluations;
    }

    private static <T extends Message> T parsed(byte[] bytes, String column, Parser<T> parser) throws SQLException {
        try {
            return parser.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new SQLException("column " + column + " does not contain a valid message", e);
        }
    }
}
