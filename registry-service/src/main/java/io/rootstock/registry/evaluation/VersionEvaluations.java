package io.rootstock.registry.evaluation;

import io.rootstock.registry.database.Sql;
import io.rootstock.registry.job.JobRepository;
import io.rootstock.registry.resource.References;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The evaluations of a version that is deleted: active ones prevent the deletion, ended ones are deleted with it. */
public final class VersionEvaluations {
    private VersionEvaluations() {}

    /** Returns queued and running evaluations of a version, or of all versions of a model if {@code number} is null. */
    public static List<References.JobReference> active(Connection connection, String model, Long number, int limit)
            throws SQLException {
        return evaluations(connection, model, number, "state in ('QUEUED', 'RUNNING')", limit);
    }

    /** Deletes the ended evaluations of a version, or of all versions of a model if {@code number} is null. */
    public static void delete(Connection connection, String model, Long number) throws SQLException {
        List<String> ids =
                evaluations(
                                connection,
                                model,
                                number,
                                "state in ('SUCCEEDED', 'FAILED', 'CANCELLED')",
                                Integer.MAX_VALUE)
                        .stream()
                        .map(References.JobReference::id)
                        .toList();
        EvaluationRepository.delete(connection, ids);
        JobRepository.delete(connection, ids);
    }

    private static List<References.JobReference> evaluations(
            Connection connection, String model, Long number, String condition, int limit) throws SQLException {
        return Sql.of(connection, """
                        select id, state from evaluation join job on job.id = evaluation.job
                        where version_model = ? and (?::bigint is null or version_number = ?::bigint) and %s
                        order by job.number limit ?
                        """.formatted(condition), model, number, number, limit)
                .list(References.JobReference::read);
    }
}
