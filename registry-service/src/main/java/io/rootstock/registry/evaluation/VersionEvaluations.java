package io.rootstock.registry.evaluation;

import io.rootstock.registry.database.DeletionMode;
import io.rootstock.registry.database.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The evaluations of a version that is deleted: active ones prevent the deletion, ended ones are deleted with it. */
public final class VersionEvaluations {
    private VersionEvaluations() {}

    /** Returns queued and running evaluations of a version, or of all versions of a model if {@code number} is null. */
    public static List<EvaluationReference> active(Connection connection, String model, Long number, int limit)
            throws SQLException {
        return Sql.of(connection, """
                        select id, state from evaluation
                        where model = ? and (?::bigint is null or version = ?::bigint) and state in ('QUEUED', 'RUNNING')
                        order by evaluation.number limit ?
                        """, model, number, number, limit).list(EvaluationRepository::reference);
    }

    /** Deletes the ended evaluations of a version, or of all versions of a model if {@code number} is null. */
    public static void delete(Connection connection, String model, Long number) throws SQLException {
        DeletionMode.begin(connection);
        Sql.of(connection, """
                        delete from evaluation
                        where model = ? and (?::bigint is null or version = ?::bigint)
                            and state in ('SUCCEEDED', 'FAILED', 'CANCELLED')
                        """, model, number, number).update();
    }
}
