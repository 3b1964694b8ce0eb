package io.rootstock.registry.job;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.metric.MetricRepository;
import io.rootstock.registry.outbox.WebhookOutbox;
import io.rootstock.registry.scheduling.JobSchedules;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.registry.v1.JobState;
import io.rootstock.registry.v1.JobStateChanged;
import io.rootstock.registry.v1.TrainerContact;
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
final class JobEvents {
    private JobEvents() {}

    /** Adds an event of the trainer and its metrics; a unique constraint rejects a duplicate. */
    static void append(Connection connection, JobRow job, RunEvent event) throws SQLException {
        Instant time = time(event);
        insert(
                connection,
                job.id(),
                job.sourceEpoch(),
                event.getSequence(),
                JobEvent.newBuilder().setRunEvent(event).build(),
                time);
        MetricRepository.store(connection, job.id(), time, event);
    }

    /**
     * Sets the job's state and message; adds an event, also for webhooks, if the state changes.
     *
     * @throws IllegalStateException if the state machine has no such transition
     */
    static void transition(Connection connection, JobRow job, JobState state, String message) throws SQLException {
        if (!JobStateMachine.isLegal(job.state(), state)) {
            throw new IllegalStateException(job.name() + " cannot change from " + JobStates.column(job.state()) + " to "
                    + JobStates.column(state));
        }
        JobRepository.setState(connection, job.id(), state, message);
        if (JobStates.isTerminal(state)) {
            JobSchedules.clear(connection, job.id());
        }
        if (job.state() != state) {
            append(connection, job.id(), state, message);
            WebhookOutbox.jobChanged(connection, job.id(), state);
        }
    }

    /** Adds a state-change event; also used for a new job's first state. */
    static void append(Connection connection, String job, JobState state, String message) throws SQLException {
        JobStateChanged changed =
                JobStateChanged.newBuilder().setState(state).setMessage(message).build();
        insert(
                connection,
                job,
                null,
                null,
                JobEvent.newBuilder().setStateChanged(changed).build(),
                Instant.now());
    }

    /** Adds an event about the contact with the trainer. */
    static void append(Connection connection, String job, TrainerContact contact) throws SQLException {
        insert(
                connection,
                job,
                null,
                null,
                JobEvent.newBuilder().setTrainerContact(contact).build(),
                Instant.now());
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
            Connection connection, String job, Integer epoch, Long sourceSequence, JobEvent payload, Instant time)
            throws SQLException {
        long sequence = JobRepository.nextSequence(connection, job);
        Sql.of(connection, """
                        insert into job_event (job, sequence, source_epoch, source_sequence, payload, event_time)
                        values (?, ?, ?::integer, ?::bigint, ?, ?)
                        """, job, sequence, epoch, sourceSequence, payload.toByteArray(), time)
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
