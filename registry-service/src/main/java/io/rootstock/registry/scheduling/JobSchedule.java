package io.rootstock.registry.scheduling;

import com.google.protobuf.Timestamp;
import io.rootstock.registry.v1.Job;
import io.rootstock.scheduling.Cost;
import io.rootstock.scheduling.Owner;
import io.rootstock.scheduling.Priority;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * A row of {@code job_schedule}.
 *
 * @param submitTime time since which the job waits
 * @param waiting the command that it waits for; empty: it does not wait for devices
 * @param releaseTime time at which its run was last started or resumed
 * @param stop the stop that the scheduler has requested
 * @param estimatedSeconds training time from before the run; 0: unknown
 * @param reportTime time of the newest report since the release
 * @param remainingSeconds training time that was left at that time; empty: no report
 * @param runDollars cost that the run has reported
 * @param cost cost of the job with its limit
 * @param checkpointTime time of the newest checkpoint since the release
 * @param queuePosition from 1; 0: none
 */
public record JobSchedule(
        Owner owner,
        Priority priority,
        Instant submitTime,
        Optional<Waiting> waiting,
        Optional<Instant> releaseTime,
        Optional<Stop> stop,
        double estimatedSeconds,
        Optional<Instant> reportTime,
        Optional<Double> remainingSeconds,
        double runDollars,
        Cost cost,
        Optional<Instant> checkpointTime,
        int queuePosition,
        Optional<Instant> estimatedStart,
        Optional<Instant> estimatedEnd) {
    /** Adds the fields that clients see to a job. */
    public void addTo(Job.Builder job) {
        job.setOwner(owner.user()).setQueuePosition(queuePosition);
        if (hasLimit()) {
            job.setMaxCostDollars(cost.maxDollars());
        }
        estimatedStart.map(JobSchedule::timestamp).ifPresent(job::setEstimatedStartTime);
        estimatedEnd.map(JobSchedule::timestamp).ifPresent(job::setEstimatedEndTime);
    }

    /** Whether the job has a cost limit. */
    public boolean hasLimit() {
        return Double.isFinite(cost.maxDollars());
    }

    /** Reads the columns of {@code job_schedule} in a row, which also has the columns of {@code job}. */
    public static JobSchedule read(ResultSet row) throws SQLException {
        String waiting = row.getString("waiting");
        String stop = row.getString("stop");
        double limit = row.getDouble("max_cost_dollars");
        boolean limited = !row.wasNull();
        double remaining = row.getDouble("remaining_seconds");
        boolean reported = !row.wasNull();
        return new JobSchedule(
                new Owner(row.getString("team"), row.getString("owner")),
                Priority.valueOf(row.getString("priority")),
                instant(row, "submit_time").orElseThrow(),
                waiting == null
                        ? Optional.empty()
                        : Optional.of(new Waiting(
                                Waiting.Kind.valueOf(waiting),
                                row.getInt("resume_ranks"),
                                row.getBoolean("resume_restart"))),
                instant(row, "release_time"),
                stop == null
                        ? Optional.empty()
                        : Optional.of(new Stop(Stop.Reason.valueOf(stop), row.getString("stop_message"))),
                row.getDouble("estimated_seconds"),
                instant(row, "report_time"),
                reported ? Optional.of(remaining) : Optional.empty(),
                row.getDouble("run_dollars"),
                new Cost(
                        row.getDouble("dollars_per_hour"),
                        row.getDouble("dollars_spent"),
                        limited ? limit : Double.POSITIVE_INFINITY,
                        row.getDouble("report_seconds")),
                instant(row, "checkpoint_time"),
                row.getInt("queue_position"),
                instant(row, "estimated_start_time"),
                instant(row, "estimated_end_time"));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    private static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }
}
