package io.rootstock.registry.job;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import io.rootstock.job.v1.JobKind;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.metric.MetricRepository;
import io.rootstock.registry.outbox.WebhookOutbox;
import io.rootstock.registry.scheduling.JobSchedules;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.registry.v1.JobStateChanged;
import io.rootstock.registry.watch.ResumeToken;
import io.rootstock.trainer.v1.RunEvent;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/**
 * Rows of {@code job_event}. The writer must hold the lock of the job's row, so that sequence numbers have no gaps and
 * follow the order of commits.
 */
public final class JobEvents {
    private JobEvents() {}

    /** Stores a new job with its first event. */
    public static void begin(
            Connection connection, String id, JobKind kind, String model, String owner, JobState state, String message)
            throws SQLException {
        JobRepository.insert(connection, id, kind, model, owner, state);
        change(connection, id, kind, state, message);
    }

    /**
     * Sets a job's state and message and adds an event, also for webhooks, even if the state stays.
     *
     * @throws IllegalStateException if the state machine has no such transition
     */
    public static void change(Connection connection, JobRow job, JobState state, String message) throws SQLException {
        requireLegal(job, state);
        change(connection, job.id(), job.kind(), state, message);
    }

    private static void change(Connection connection, String id, JobKind kind, JobState state, String message)
            throws SQLException {
        JobRepository.setState(connection, id, state, message);
        JobStateChanged changed =
                JobStateChanged.newBuilder().setState(state).setMessage(message).build();
        insert(
                connection,
                id,
                null,
                null,
                true,
                JobEvent.newBuilder().setStateChanged(changed).build(),
                Instant.now());
        WebhookOutbox.jobChanged(connection, id, kind, state);
    }

    private static void requireLegal(JobRow job, JobState state) {
        if (!JobStateMachine.isLegal(job.state(), state)) {
            throw new IllegalStateException(job.name() + " cannot change from " + JobStates.column(job.state()) + " to "
                    + JobStates.column(state));
        }
    }

    /** Adds an event that is not of the trainer and no state change. */
    public static void append(Connection connection, String job, JobEvent event) throws SQLException {
        insert(connection, job, null, null, false, event, Instant.now());
    }

    /** Adds an event of the trainer and its metrics; a unique constraint rejects a duplicate. */
    static void append(Connection connection, TrainingRow job, RunEvent event) throws SQLException {
        Instant time = time(event);
        insert(
                connection,
                job.id(),
                job.sourceEpoch(),
                event.getSequence(),
                false,
                JobEvent.newBuilder().setRunEvent(event).build(),
                time);
        MetricRepository.store(connection, job.id(), time, event);
    }

    /**
     * Sets a training's state and message; adds an event, also for webhooks, if the state changes.
     *
     * @throws IllegalStateException if the state machine has no such transition
     */
    static void transition(Connection connection, TrainingRow job, JobState state, String message) throws SQLException {
        if (job.state() == state) {
            JobRepository.setState(connection, job.id(), state, message);
        } else {
            change(connection, job.job(), state, message);
        }
        if (JobStates.isTerminal(state)) {
            JobSchedules.clear(connection, job.id());
        }
    }

    /** Returns the time of an event of the trainer; one without a time is of now. */
    static Instant time(RunEvent event) {
        return event.hasTime()
                ? Instant.ofEpochSecond(
                        event.getTime().getSeconds(), event.getTime().getNanos())
                : Instant.now();
    }

    /** Returns at most {@code limit} events after a sequence number, oldest first. */
    static List<JobEvent> after(Connection connection, String job, long sequence, int limit) throws SQLException {
        return Sql.of(connection, """
                        select sequence, payload, event_time from job_event
                        where job = ? and sequence > ? order by sequence limit ?
                        """, job, sequence, limit).list(JobEvents::event);
    }

    /** Returns the position after an event. */
    static ResumeToken position(JobEvent event) {
        Timestamp time = event.getTime();
        return ResumeToken.of(event.getSequence(), Instant.ofEpochSecond(time.getSeconds(), time.getNanos()));
    }

    /** Returns whether the event of a position is stored. */
    static boolean has(Connection connection, String job, ResumeToken position) throws SQLException {
        return position.equals(ResumeToken.START)
                || after(connection, job, position.sequence() - 1, 1).stream()
                        .anyMatch(event -> position(event).equals(position));
    }

    private static void insert(
            Connection connection,
            String job,
            Integer epoch,
            Long sourceSequence,
            boolean stateChanged,
            JobEvent payload,
            Instant time)
            throws SQLException {
        long sequence = JobRepository.nextSequence(connection, job);
        Sql.of(connection, """
                        insert into job_event (job, sequence, source_epoch, source_sequence, state_changed, payload, event_time)
                        values (?, ?, ?::integer, ?::bigint, ?, ?, ?)
                        """, job, sequence, epoch, sourceSequence, stateChanged, payload.toByteArray(), time)
                .update();
    }

    private static JobEvent event(ResultSet row) throws SQLException {
        try {
            Timestamp time = Sql.timestamp(row, "event_time");
            return JobEvent.parseFrom(row.getBytes("payload")).toBuilder()
                    .setSequence(row.getLong("sequence"))
                    .setTime(time)
                    .build();
        } catch (InvalidProtocolBufferException e) {
            throw new SQLException("job_event does not contain a valid event", e);
        }
    }
}
