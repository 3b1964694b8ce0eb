package io.rootstock.registry.scheduling;

import io.rootstock.registry.database.Sql;
import io.rootstock.trainer.v1.Estimate;
import io.rootstock.trainer.v1.RunProgress;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Writes {@code job_schedule}; the writer holds the lock of the job's row. */
public final class JobSchedules {
    /** Columns of a query on trainings that {@link JobSchedule#read} needs, with a join of {@link #JOIN}. */
    public static final String COLUMNS = """
            owner, coalesce(team, 'users/local') as team,
            coalesce(priority, 'NORMAL') as priority, max_cost_dollars, coalesce(submit_time, create_time) as submit_time,
            waiting, resume_ranks, resume_restart, release_time, stop, stop_message, estimated_seconds, dollars_per_hour,
            report_time, coalesce(report_seconds, 60) as report_seconds, remaining_seconds, run_dollars, dollars_spent,
            checkpoint_time, queue_position, estimated_start_time, estimated_end_time
            """;
    /** Trainings with their schedules. */
    public static final String JOIN =
            "job join training on training.job = job.id left join job_schedule on job_schedule.job = job.id";

    private static final double MIN_REPORT = 1;
    private static final double MAX_REPORT_LENGTH = 600;
    /** A longer time between two reports than usual is expected less and less. */
    private static final double REPORT_DECAY = 0.9;

    private static final double SECONDS_PER_HOUR = 3600;

    private JobSchedules() {}

    /** Adds a new job that does not wait for devices yet. */
    public static void insert(Connection connection, String job, Submission submission) throws SQLException {
        Sql.of(
                        connection,
                        """
                        insert into job_schedule (job, team, priority, max_cost_dollars)
                        values (?, ?, ?, nullif(?::double precision, 0))
                        """,
                        job,
                        submission.owner().team(),
                        submission.priority().name(),
                        submission.maxCostDollars())
                .update();
    }

    /** Deletes a job's row. */
    public static void delete(Connection connection, String job) throws SQLException {
        Sql.of(connection, "delete from job_schedule where job = ?", job).update();
    }

    /** Stores the estimate from before the run. */
    public static void setEstimate(Connection connection, String job, Estimate estimate) throws SQLException {
        double perHour =
                estimate.getSeconds() > 0 ? estimate.getDollars() * SECONDS_PER_HOUR / estimate.getSeconds() : 0;
        Sql.of(
                        connection,
                        "update job_schedule set estimated_seconds = ?, dollars_per_hour = ? where job = ?",
                        finite(estimate.getSeconds()),
                        finite(perHour),
                        job)
                .update();
    }

    /** Sets a cost limit. */
    public static void setMaxCost(Connection connection, String job, double dollars) throws SQLException {
        Sql.of(connection, "update job_schedule set max_cost_dollars = ? where job = ?", dollars, job)
                .update();
    }

    /**
     * Lets a job wait for devices.
     *
     * @param keepsPlace whether it waits since its earlier submission, as after a preemption
     */
    public static void await(Connection connection, String job, Waiting waiting, boolean keepsPlace)
            throws SQLException {
        Sql.of(connection, """
                        update job_schedule set waiting = ?, resume_ranks = ?, resume_restart = ?, stop = null,
                            estimated_end_time = null,
                            submit_time = case when ? then submit_time else clock_timestamp() end
                        where job = ?
                        """, waiting.kind().name(), waiting.ranks(), waiting.restart(), keepsPlace, job)
                .update();
    }

    /** Ends the wait of a job whose command is sent. */
    public static void release(Connection connection, String job) throws SQLException {
        Sql.of(connection, """
                        update job_schedule set waiting = null, stop = null, release_time = clock_timestamp(),
                            report_time = null, checkpoint_time = null, queue_position = 0, estimated_start_time = null
                        where job = ?
                        """, job).update();
    }

    /** Ends the wait of a job that has stopped, with its estimated times. */
    public static void clear(Connection connection, String job) throws SQLException {
        Sql.of(connection, """
                        update job_schedule set waiting = null, stop = null, queue_position = 0,
                            estimated_start_time = null, estimated_end_time = null
                        where job = ?
                        """, job).update();
    }

    /** Stores that the scheduler is stopping the run. */
    public static void setStop(Connection connection, String job, Stop stop) throws SQLException {
        Sql.of(
                        connection,
                        "update job_schedule set stop = ?, stop_message = ? where job = ?",
                        stop.reason().name(),
                        stop.message(),
                        job)
                .update();
    }

    /** Stores a report of the run, and accounts its cost since the one before. */
    public static void report(Connection connection, String job, JobSchedule before, RunProgress progress, Instant time)
            throws SQLException {
        double run = finite(progress.getDollarsSpent());
        // A run that begins anew counts from 0.
        double added = run < before.runDollars() ? run : run - before.runDollars();
        double perHour = progress.getEtaSeconds() > 0 && progress.getDollarsRemaining() > 0
                ? finite(progress.getDollarsRemaining() * SECONDS_PER_HOUR / progress.getEtaSeconds())
                : before.cost().dollarsPerHour();
        Sql.of(
                        connection,
                        """
                        update job_schedule set report_time = ?, report_seconds = ?, remaining_seconds = ?,
                            dollars_per_hour = ?, run_dollars = ?, dollars_spent = dollars_spent + ?
                        where job = ?
                        """,
                        time,
                        reportSeconds(before, time),
                        finite(progress.getEtaSeconds()),
                        perHour,
                        run,
                        added,
                        job)
                .update();
        if (added > 0) {
            UsageRepository.addCost(connection, before.owner(), time, added);
        }
    }

    /** Stores the remaining time of a stage after the training. */
    public static void setRemaining(Connection connection, String job, double seconds, Instant time)
            throws SQLException {
        Sql.of(
                        connection,
                        "update job_schedule set report_time = ?, remaining_seconds = ? where job = ?",
                        time,
                        finite(seconds),
                        job)
                .update();
    }

    /** Stores the time of a checkpoint. */
    public static void setCheckpoint(Connection connection, String job, Instant time) throws SQLException {
        Sql.of(connection, "update job_schedule set checkpoint_time = ? where job = ?", time, job)
                .update();
    }

    /** Longest expected time until the next report. */
    private static double reportSeconds(JobSchedule before, Instant time) {
        Optional<Double> passed =
                before.reportTime().map(last -> Duration.between(last, time).toMillis() / 1000.0);
        double expected = before.cost().reportSeconds() * REPORT_DECAY;
        return Math.clamp(
                Math.max(passed.orElse(before.cost().reportSeconds()), expected), MIN_REPORT, MAX_REPORT_LENGTH);
    }

    /** The trainer's value, or 0 if it is not a number of at least 0. */
    private static double finite(double value) {
        return Double.isFinite(value) && value > 0 ? value : 0;
    }
}
