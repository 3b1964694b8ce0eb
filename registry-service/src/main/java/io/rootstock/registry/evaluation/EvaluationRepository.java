package io.rootstock.registry.evaluation;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.rootstock.evaluation.v1.EvaluationProgress;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.evaluation.v1.EvaluationState;
import io.rootstock.evaluation.v1.EvaluationSuccess;
import io.rootstock.evaluation.v1.ResolvedEvaluation;
import io.rootstock.evaluation.v1.TaskResult;
import io.rootstock.names.ResourceName;
import io.rootstock.names.SuiteRevisionName;
import io.rootstock.names.VersionName;
import io.rootstock.registry.database.DeletionMode;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.database.VisibleNames;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactContent;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rows of {@code evaluation} and {@code evaluation_result}. Every change increments the revision, which is the etag. */
final class EvaluationRepository {
    /** Events with progress that are stored one second apart; later ones are 10 s apart. */
    private static final int FREQUENT_EVENTS = 300;

    private static final String COLUMNS = """
            evaluation.*, array(
                select result from evaluation_result
                where evaluation_result.evaluation = evaluation.id order by position) as results,
            coalesce(clock_timestamp() >= progress_event_time
                + case when progress_events < %d then interval '1 s' else interval '10 s' end, true) as progress_due
            """.formatted(FREQUENT_EVENTS);
    private static final String SELECT = "select " + COLUMNS + " from evaluation ";
    private static final String TOUCH = ", revision = revision + 1, update_time = clock_timestamp() where id = ?";

    private EvaluationRepository() {}

    static void insert(Connection connection, String id, EvaluationSpec spec, ResolvedEvaluation resolved)
            throws SQLException {
        VersionName version = VersionName.parse(resolved.getVersion());
        SuiteRevisionName suite = SuiteRevisionName.parse(resolved.getSuiteRevision());
        Sql.of(
                        connection,
                        """
                        insert into evaluation (id, spec, model, version, suite, suite_revision, artifact, state)
                        values (?, ?, ?, ?, ?, ?, ?, 'QUEUED')
                        """,
                        id,
                        spec.toByteArray(),
                        version.model(),
                        version.number(),
                        suite.suite(),
                        suite.number(),
                        resolved.getArtifact().toByteArray())
                .update();
    }

    static Optional<EvaluationRow> find(Connection connection, String id) throws SQLException {
        return Sql.of(connection, SELECT + "where id = ?", id).first(EvaluationRepository::row);
    }

    /** Reads the evaluation and locks its row against other writers until the commit. */
    static Optional<EvaluationRow> lock(Connection connection, String id) throws SQLException {
        return Sql.of(connection, SELECT + "where id = ? for update", id).first(EvaluationRepository::row);
    }

    /**
     * Locks the oldest evaluation that is queued or whose lease has expired, and that no other transaction has locked.
     *
     * @param preferred id of an evaluation that is taken before older ones; empty: none
     */
    static Optional<EvaluationRow> lockClaimable(Connection connection, String preferred) throws SQLException {
        return Sql.of(connection, SELECT + """
                        where state = 'QUEUED' or (state = 'RUNNING' and lease_expire_time < clock_timestamp())
                        order by id <> ?, number limit 1 for update skip locked
                        """, preferred).first(EvaluationRepository::row);
    }

    static List<PageQuery.Listed<EvaluationRow>> list(Connection connection, PageQuery page) throws SQLException {
        return page.read(
                connection,
                COLUMNS,
                "evaluation",
                VisibleNames.condition("evaluation.model"),
                List.of(VisibleNames.prefixes(ResourceName.MODELS)),
                EvaluationRepository::row);
    }

    /** Returns succeeded evaluations of a version on a suite's revision, the newest first. */
    static List<EvaluationRow> succeeded(Connection connection, VersionName version, SuiteRevisionName suite, int limit)
            throws SQLException {
        return Sql.of(connection, SELECT + """
                        where state = 'SUCCEEDED' and model = ? and version = ? and suite = ? and suite_revision = ?
                        order by number desc limit ?
                        """, version.model(), version.number(), suite.suite(), suite.number(), limit)
                .list(EvaluationRepository::row);
    }

    /** Returns evaluations on any revision of a suite. */
    static List<EvaluationReference> ofSuite(Connection connection, String suite, int limit) throws SQLException {
        return Sql.of(
                        connection,
                        "select id, state from evaluation where suite = ? order by number limit ?",
                        suite,
                        limit)
                .list(EvaluationRepository::reference);
    }

    /** Deletes an evaluation with its results and events. */
    static void delete(Connection connection, String id) throws SQLException {
        DeletionMode.begin(connection);
        Sql.of(connection, "delete from evaluation where id = ?", id).update();
    }

    /** Sets a state without a lease. */
    static void setState(Connection connection, String id, EvaluationState state, String message) throws SQLException {
        change(
                connection,
                id,
                "state = ?, message = ?, lease_expire_time = null",
                EvaluationStates.column(state),
                message);
    }

    /** Queues an ended evaluation again; reports of its last lease are rejected from then on. */
    static void setQueued(Connection connection, String id, String message) throws SQLException {
        change(connection, id, "state = 'QUEUED', message = ?, lease = lease + 1, expired_leases = 0", message);
    }

    /** Queues a running evaluation without a lease; reports of its last lease are rejected from then on. */
    static void setReleased(Connection connection, String id, String message, int expired) throws SQLException {
        change(
                connection,
                id,
                "state = 'QUEUED', message = ?, lease = lease + 1, lease_expire_time = null, expired_leases = ?",
                message,
                expired);
    }

    /** Gives an evaluator a new lease and returns its number. */
    static long setRunning(
            Connection connection, String id, String message, String evaluator, int expired, Duration term)
            throws SQLException {
        change(
                connection,
                id,
                "state = 'RUNNING', message = ?, evaluator = ?, expired_leases = ?, lease = lease + 1,"
                        + " lease_expire_time = clock_timestamp() + ?::bigint * interval '1 s'",
                message,
                evaluator,
                expired,
                term.toSeconds());
        return Sql.of(connection, "select lease from evaluation where id = ?", id)
                .one(row -> row.getLong(1));
    }

    static void renewLease(Connection connection, String id, Duration term) throws SQLException {
        Sql.of(
                        connection,
                        "update evaluation set lease_expire_time = clock_timestamp() + ?::bigint * interval '1 s'"
                                + " where id = ?",
                        term.toSeconds(),
                        id)
                .update();
    }

    static void setProgress(Connection connection, String id, EvaluationProgress progress) throws SQLException {
        change(connection, id, "progress = ?", progress.toByteArray());
    }

    static void countProgressEvent(Connection connection, String id) throws SQLException {
        change(connection, id, "progress_events = progress_events + 1, progress_event_time = clock_timestamp()");
    }

    /** Stores or replaces the result of a task. */
    static void setResult(Connection connection, String id, int position, TaskResult result) throws SQLException {
        Sql.of(connection, """
                        insert into evaluation_result (evaluation, position, result) values (?, ?, ?)
                        on conflict (evaluation, position) do update set result = excluded.result
                        """, id, position, result.toByteArray()).update();
        change(connection, id, "message = message");
    }

    static void setSucceeded(Connection connection, String id, EvaluationSuccess success) throws SQLException {
        change(
                connection,
                id,
                "state = 'SUCCEEDED', message = '', lease_expire_time = null, rows_digest = ?, rows_bytes = ?,"
                        + " engine = ?",
                success.getRows().getDigest(),
                success.getRows().getBytes(),
                success.getEngine());
    }

    /** Increments the evaluation's last sequence number and returns it. */
    static long nextSequence(Connection connection, String id) throws SQLException {
        return Sql.of(
                        connection,
                        "update evaluation set last_sequence = last_sequence + 1 where id = ? returning last_sequence",
                        id)
                .one(row -> row.getLong(1));
    }

    private static void change(Connection connection, String id, String columns, Object... values) throws SQLException {
        Object[] arguments = new Object[values.length + 1];
        System.arraycopy(values, 0, arguments, 0, values.length);
        arguments[values.length] = id;
        Sql.of(connection, "update evaluation set " + columns + TOUCH, arguments)
                .update();
    }

    static EvaluationReference reference(ResultSet row) throws SQLException {
        return new EvaluationReference(row.getString("id"), row.getString("state"));
    }

    private static EvaluationRow row(ResultSet row) throws SQLException {
        String rows = row.getString("rows_digest");
        return new EvaluationRow(
                row.getString("id"),
                parsed(row.getBytes("spec"), "spec", EvaluationSpec.parser()),
                new VersionName(row.getString("model"), row.getLong("version")),
                new SuiteRevisionName(row.getString("suite"), row.getLong("suite_revision")),
                parsed(row.getBytes("artifact"), "artifact", Artifact.parser()),
                EvaluationStates.fromColumn(row.getString("state")),
                row.getString("message"),
                progress(row),
                row.getBoolean("progress_due"),
                results(row),
                rows == null
                        ? Optional.empty()
                        : Optional.of(ArtifactContent.newBuilder()
                                .setDigest(rows)
                                .setBytes(row.getLong("rows_bytes"))
                                .build()),
                row.getString("engine"),
                row.getLong("lease"),
                row.getString("evaluator"),
                row.getInt("expired_leases"),
                row.getLong("revision"),
                Sql.timestamp(row, "create_time"),
                Sql.timestamp(row, "update_time"));
    }

    private static Optional<EvaluationProgress> progress(ResultSet row) throws SQLException {
        byte[] progress = row.getBytes("progress");
        return progress == null
                ? Optional.empty()
                : Optional.of(parsed(progress, "progress", EvaluationProgress.parser()));
    }

    private static List<TaskResult> results(ResultSet row) throws SQLException {
        List<TaskResult> results = new ArrayList<>();
        for (byte[] result : (byte[][]) row.getArray("results").getArray()) {
            results.add(parsed(result, "results", TaskResult.parser()));
        }
        return results;
    }

    private static <T extends Message> T parsed(byte[] bytes, String column, Parser<T> parser) throws SQLException {
        try {
            return parser.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new SQLException("column " + column + " does not contain a valid message", e);
        }
    }
}
