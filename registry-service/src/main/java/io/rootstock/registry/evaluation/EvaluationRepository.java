package io.rootstock.registry.evaluation;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.rootstock.evaluation.v1.EvaluationProgress;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.evaluation.v1.EvaluationSuccess;
import io.rootstock.evaluation.v1.ResolvedEvaluation;
import io.rootstock.evaluation.v1.TaskResult;
import io.rootstock.names.ResourceName;
import io.rootstock.names.SuiteRevisionName;
import io.rootstock.names.VersionName;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.database.VisibleNames;
import io.rootstock.registry.job.JobRepository;
import io.rootstock.registry.job.JobRow;
import io.rootstock.registry.resource.References;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactContent;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rows of {@code evaluation} and {@code evaluation_result}. Every change increments the revision of the job, which is its etag. */
final class EvaluationRepository {
    /** Events with progress that are stored one second apart; later ones are 10 s apart. */
    private static final int FREQUENT_EVENTS = 300;

    private static final String COLUMNS = """
            job.*, evaluation.*, array(
                select result from evaluation_result
                where evaluation_result.job = job.id order by position) as results,
            coalesce(clock_timestamp() >= progress_event_time
                + case when progress_events < %d then interval '1 s' else interval '10 s' end, true) as progress_due
            """.formatted(FREQUENT_EVENTS);
    private static final String JOIN = "evaluation join job on job.id = evaluation.job";
    private static final String SELECT = "select " + COLUMNS + " from " + JOIN + " ";

    private EvaluationRepository() {}

    static void insert(Connection connection, String id, EvaluationSpec spec, ResolvedEvaluation resolved)
            throws SQLException {
        VersionName version = VersionName.parse(resolved.getVersion());
        SuiteRevisionName suite = SuiteRevisionName.parse(resolved.getSuiteRevision());
        Sql.of(
                        connection,
                        """
                        insert into evaluation (job, spec, version_model, version_number, suite, suite_revision, artifact)
                        values (?, ?, ?, ?, ?, ?, ?)
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

    /** Reads the evaluation and locks the row of its job against other writers until the commit. */
    static Optional<EvaluationRow> lock(Connection connection, String id) throws SQLException {
        // The evaluation is read after the lock, because a row of another table is not read again when the lock has
        // waited.
        return JobRepository.lock(connection, id).isPresent() ? find(connection, id) : Optional.empty();
    }

    /**
     * Locks the job of the oldest evaluation that is queued or whose lease has expired, and that no other transaction has
     * locked; returns its id.
     *
     * @param preferred id of an evaluation that is taken before older ones; empty: none
     */
    static Optional<String> lockClaimable(Connection connection, String preferred) throws SQLException {
        return Sql.of(connection, """
                        select id from job where kind = 'EVALUATE'
                            and (state = 'QUEUED' or (state = 'RUNNING' and lease_expire_time < clock_timestamp()))
                        order by id <> ?, number limit 1 for update skip locked
                        """, preferred).first(row -> row.getString("id"));
    }

    /** Returns evaluations by their ids, in any order. */
    static List<EvaluationRow> read(Connection connection, List<String> ids) throws SQLException {
        return Sql.of(connection, SELECT + "where id = any(?)", ids).list(EvaluationRepository::row);
    }

    static List<PageQuery.Listed<EvaluationRow>> list(Connection connection, PageQuery page) throws SQLException {
        return page.read(
                connection,
                COLUMNS,
                JOIN,
                VisibleNames.condition("job.model"),
                List.of(VisibleNames.prefixes(ResourceName.MODELS)),
                EvaluationRepository::row);
    }

    /** Returns succeeded evaluations of a version on a suite's revision, the newest first. */
    static List<EvaluationRow> succeeded(Connection connection, VersionName version, SuiteRevisionName suite, int limit)
            throws SQLException {
        return Sql.of(connection, SELECT + """
                        where state = 'SUCCEEDED' and version_model = ? and version_number = ? and suite = ? and suite_revision = ?
                        order by number desc limit ?
                        """, version.model(), version.number(), suite.suite(), suite.number(), limit)
                .list(EvaluationRepository::row);
    }

    /** Returns the jobs of evaluations on any revision of a suite. */
    static List<References.JobReference> ofSuite(Connection connection, String suite, int limit) throws SQLException {
        return Sql.of(
                        connection,
                        "select id, state from " + JOIN + " where suite = ? order by number limit ?",
                        suite,
                        limit)
                .list(References.JobReference::read);
    }

    /** Deletes evaluations with their results. */
    static void delete(Connection connection, List<String> ids) throws SQLException {
        Sql.of(connection, "delete from evaluation where job = any(?)", ids).update();
    }

    static void setExpiredLeases(Connection connection, String id, int expired) throws SQLException {
        change(connection, id, "expired_leases = ?", expired);
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
                        insert into evaluation_result (job, position, result) values (?, ?, ?)
                        on conflict (job, position) do update set result = excluded.result
                        """, id, position, result.toByteArray()).update();
        JobRepository.touch(connection, id);
    }

    static void setSuccess(Connection connection, String id, EvaluationSuccess success) throws SQLException {
        change(
                connection,
                id,
                "rows_digest = ?, rows_bytes = ?, engine = ?",
                success.getRows().getDigest(),
                success.getRows().getBytes(),
                success.getEngine());
    }

    private static void change(Connection connection, String id, String columns, Object... values) throws SQLException {
        Object[] arguments = new Object[values.length + 1];
        System.arraycopy(values, 0, arguments, 0, values.length);
        arguments[values.length] = id;
        Sql.of(connection, "update evaluation set " + columns + " where job = ?", arguments)
                .update();
        JobRepository.touch(connection, id);
    }

    private static EvaluationRow row(ResultSet row) throws SQLException {
        String rows = row.getString("rows_digest");
        return new EvaluationRow(
                JobRow.read(row),
                parsed(row.getBytes("spec"), "spec", EvaluationSpec.parser()),
                new VersionName(row.getString("version_model"), row.getLong("version_number")),
                new SuiteRevisionName(row.getString("suite"), row.getLong("suite_revision")),
                parsed(row.getBytes("artifact"), "artifact", Artifact.parser()),
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
                row.getInt("expired_leases"));
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
