package io.rootstock.registry.outbox;

import io.rootstock.job.v1.JobKind;
import io.rootstock.job.v1.JobState;
import io.rootstock.names.EnumNames;
import io.rootstock.registry.database.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Stores events with their deliveries, in the transaction that changes the state which they report. */
public final class WebhookOutbox {
    /** Maximum number of pending deliveries of a webhook; further deliveries fail without an attempt. */
    private static final int PENDING_LIMIT = 10_000;

    private WebhookOutbox() {}

    /** Stores an event about a job, fine-tuning job, evaluation or alias for every enabled webhook that receives its type. */
    public static void put(Connection connection, EventType type, String subject) throws SQLException {
        WebhookEvent event = WebhookEvent.of(type.label(), subject);
        // The lock orders this after or before the transaction that disables a webhook and ends its deliveries.
        Sql.of(connection, """
                        insert into webhook_delivery (webhook, event, event_type, body, state, next_attempt_time)
                        select id, ?, ?, ?,
                            case when room then 'PENDING' else 'FAILED' end, case when room then clock_timestamp() end
                        from (
                            select id, (
                                select count(*) from webhook_delivery as delivery
                                where delivery.webhook = webhook.id and delivery.state = 'PENDING') < ? as room
                            from webhook
                            where state = 'ENABLED' and (cardinality(event_types) = 0 or ? = any(event_types))
                            for share
                        ) as receiver
                        """, event.id(), event.type(), event.body(), PENDING_LIMIT, event.type())
                .update();
    }

    /** Stores the events of a job's new state. The caller holds the lock of the job's row. */
    public static void jobChanged(Connection connection, String job, JobKind kind, JobState state) throws SQLException {
        switch (kind) {
            case JOB_KIND_PRETRAIN, JOB_KIND_FINE_TUNE -> trainingChanged(connection, job, state);
            case JOB_KIND_EVALUATE -> evaluationChanged(connection, job, state);
            case JOB_KIND_UNSPECIFIED, UNRECOGNIZED -> throw new IllegalArgumentException("no kind of job: " + kind);
        }
    }

    private static void trainingChanged(Connection connection, String job, JobState state) throws SQLException {
        Optional<EventType> type = switch (state) {
            case JOB_STATE_SUCCEEDED -> Optional.of(EventType.JOB_SUCCEEDED);
            case JOB_STATE_FAILED -> Optional.of(EventType.JOB_FAILED);
            case JOB_STATE_CANCELLED -> Optional.of(EventType.JOB_CANCELLED);
            case JOB_STATE_NEEDS_RECOVERY -> Optional.of(EventType.JOB_NEEDS_RECOVERY);
            case JOB_STATE_VALIDATING,
                    JOB_STATE_QUEUED,
                    JOB_STATE_RUNNING,
                    JOB_STATE_PAUSED,
                    JOB_STATE_UNSPECIFIED,
                    UNRECOGNIZED -> Optional.empty();
        };
        if (type.isPresent()) {
            put(connection, type.get(), job);
        }
        Optional<EventType> fineTuning = fineTuningEnd(state);
        if (fineTuning.isPresent()) {
            Optional<String> id = Sql.of(
                            connection, "select id from fine_tuning where job = ? and state = 'TRAINING'", job)
                    .first(row -> row.getString(1));
            if (id.isPresent()) {
                put(connection, fineTuning.get(), id.get());
            }
        }
    }

    private static void evaluationChanged(Connection connection, String evaluation, JobState state)
            throws SQLException {
        Optional<EventType> type = switch (state) {
            case JOB_STATE_SUCCEEDED -> Optional.of(EventType.EVALUATION_SUCCEEDED);
            case JOB_STATE_FAILED -> Optional.of(EventType.EVALUATION_FAILED);
            case JOB_STATE_CANCELLED -> Optional.of(EventType.EVALUATION_CANCELLED);
            case JOB_STATE_VALIDATING,
                    JOB_STATE_QUEUED,
                    JOB_STATE_RUNNING,
                    JOB_STATE_PAUSED,
                    JOB_STATE_NEEDS_RECOVERY,
                    JOB_STATE_UNSPECIFIED,
                    UNRECOGNIZED -> Optional.empty();
        };
        if (type.isPresent()) {
            put(connection, type.get(), evaluation);
        }
    }

    /**
     * Stores the event of a fine-tuning job whose training job ended before the fine-tuning job's row named it. The
     * caller has set the name in this transaction.
     */
    public static void trainingBegun(Connection connection, String fineTuning, String job) throws SQLException {
        // The lock waits for a transaction that ends the job and does not see the name.
        Optional<JobState> state = Sql.of(connection, "select state from job where id = ? for share", job)
                .first(row -> EnumNames.parse(JobState.class, row.getString(1)));
        Optional<EventType> type =
                state.isEmpty() ? Optional.of(EventType.FINE_TUNING_JOB_FAILED) : fineTuningEnd(state.get());
        if (type.isPresent()) {
            put(connection, type.get(), fineTuning);
        }
    }

    /** The event of a fine-tuning job that ends with its training job; a successful one is promoted first. */
    private static Optional<EventType> fineTuningEnd(JobState state) {
        return switch (state) {
            case JOB_STATE_FAILED -> Optional.of(EventType.FINE_TUNING_JOB_FAILED);
            case JOB_STATE_CANCELLED -> Optional.of(EventType.FINE_TUNING_JOB_CANCELLED);
            case JOB_STATE_SUCCEEDED,
                    JOB_STATE_NEEDS_RECOVERY,
                    JOB_STATE_VALIDATING,
                    JOB_STATE_QUEUED,
                    JOB_STATE_RUNNING,
                    JOB_STATE_PAUSED,
                    JOB_STATE_UNSPECIFIED,
                    UNRECOGNIZED -> Optional.empty();
        };
    }
}
