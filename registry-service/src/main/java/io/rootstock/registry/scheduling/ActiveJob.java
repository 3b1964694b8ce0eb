package io.rootstock.registry.scheduling;

import io.rootstock.registry.database.Sql;
import io.rootstock.scheduling.Job;
import io.rootstock.scheduling.Phase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A job that waits for devices or holds them.
 *
 * @param message of the job, for users
 * @param isWanted whether the client wants it to run
 */
record ActiveJob(String id, String message, boolean isWanted, JobSchedule schedule) {
    /** Kind of the devices; every job takes one. */
    static final String KIND = "worker";

    /** Longest list, of the oldest jobs. */
    private static final int LIMIT = 5000;
    /** Training time of a job without an estimate. */
    private static final double UNKNOWN_SECONDS = 3600;
    /** Shortest remaining time of a job that needs more than its estimate. */
    private static final double MIN_SECONDS = 1;

    /** Returns the jobs, oldest first: those that wait, and those whose runs are queued or running at the trainer. */
    static List<ActiveJob> list(Connection connection) throws SQLException {
        return Sql.of(
                        connection,
                        "select job.id, message, desired_state, " + JobSchedules.COLUMNS + " from "
                                + JobSchedules.JOIN + " where (waiting is not null"
                                + " and state in ('QUEUED', 'RUNNING', 'PAUSED', 'NEEDS_RECOVERY'))"
                                + " or (waiting is null and started and state in ('QUEUED', 'RUNNING'))"
                                + " order by waiting is not null, job.number limit ?",
                        LIMIT)
                .list(ActiveJob::read);
    }

    private static ActiveJob read(ResultSet row) throws SQLException {
        return new ActiveJob(
                row.getString("id"),
                row.getString("message"),
                row.getString("desired_state").equals("RUNNING"),
                JobSchedule.read(row));
    }

    /** Whether it waits for devices. */
    boolean waits() {
        return schedule.waiting().isPresent();
    }

    /** Returns the job as the scheduler sees it; times are seconds since 1970. */
    Job seen(Instant now) {
        return new Job(
                id,
                schedule.owner(),
                schedule.priority(),
                KIND,
                1,
                seconds(schedule.submitTime()),
                phase(now),
                remainingSeconds(now),
                schedule.cost());
    }

    private Phase phase(Instant now) {
        if (waits()) {
            return Phase.WAITING;
        }
        if (schedule.stop().isPresent() || !isWanted) {
            boolean preempted = schedule.stop()
                    .filter(stop -> stop.reason() == Stop.Reason.PREEMPTED)
                    .isPresent();
            return new Phase.Stopping(preempted && isWanted);
        }
        Instant start = schedule.releaseTime().orElse(schedule.submitTime());
        Instant saved = schedule.checkpointTime().orElse(start);
        return new Phase.Running(seconds(start), Math.max(0, between(saved, now)));
    }

    private double remainingSeconds(Instant now) {
        double left;
        Instant since;
        if (schedule.remainingSeconds().isPresent()) {
            left = schedule.remainingSeconds().get();
            since = schedule.reportTime().orElse(now);
        } else {
            left = schedule.estimatedSeconds() > 0 ? schedule.estimatedSeconds() : UNKNOWN_SECONDS;
            since = schedule.releaseTime().orElse(now);
        }
        return Math.max(MIN_SECONDS, left - (waits() ? 0 : between(since, now)));
    }

    /** Seconds since 1970, with milliseconds. */
    static double seconds(Instant time) {
        return time.toEpochMilli() / 1000.0;
    }

    private static double between(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1000.0;
    }
}
