package io.rootstock.registry.evaluation;

import com.google.protobuf.InvalidProtocolBufferException;
import io.rootstock.evaluation.v1.EvaluationEvent;
import io.rootstock.evaluation.v1.EvaluationProgress;
import io.rootstock.evaluation.v1.EvaluationState;
import io.rootstock.evaluation.v1.EvaluationStateChanged;
import io.rootstock.evaluation.v1.TaskResult;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.outbox.WebhookOutbox;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * Rows of {@code evaluation_event}. The writer must hold the lock of the evaluation's row, so that sequence numbers have no
 * gaps and follow the order of commits.
 */
final class EvaluationEvents {
    private EvaluationEvents() {}

    static void append(Connection connection, String evaluation, EvaluationState state, String message)
            throws SQLException {
        insert(
                connection,
                evaluation,
                EvaluationEvent.newBuilder()
                        .setStateChanged(EvaluationStateChanged.newBuilder()
                                .setState(state)
                                .setMessage(message)));
        WebhookOutbox.evaluationChanged(connection, evaluation, state);
    }

    static void append(Connection connection, String evaluation, EvaluationProgress progress) throws SQLException {
        insert(connection, evaluation, EvaluationEvent.newBuilder().setProgress(progress));
    }

    static void append(Connection connection, String evaluation, TaskResult result) throws SQLException {
        insert(connection, evaluation, EvaluationEvent.newBuilder().setTaskResult(result));
    }

    /** Returns at most {@code limit} events after a sequence number, oldest first. */
    static List<EvaluationEvent> after(Connection connection, String evaluation, long sequence, int limit)
            throws SQLException {
        return Sql.of(connection, """
                        select sequence, payload, event_time from evaluation_event
                        where evaluation = ? and sequence > ? order by sequence limit ?
                        """, evaluation, sequence, limit).list(EvaluationEvents::event);
    }

    private static void insert(Connection connection, String evaluation, EvaluationEvent.Builder payload)
            throws SQLException {
        Sql.of(
                        connection,
                        """
                        insert into evaluation_event (evaluation, sequence, payload, event_time)
                        values (?, ?, ?, clock_timestamp())
                        """,
                        evaluation,
                        EvaluationRepository.nextSequence(connection, evaluation),
                        payload.build().toByteArray())
                .update();
    }

    private static EvaluationEvent event(ResultSet row) throws SQLException {
        try {
            return EvaluationEvent.parseFrom(row.getBytes("payload")).toBuilder()
                    .setSequence(row.getLong("sequence"))
                    .setTime(Sql.timestamp(row, "event_time"))
                    .build();
        } catch (InvalidProtocolBufferException e) {
            throw new SQLException("evaluation_event does not contain a valid event", e);
        }
    }
}
