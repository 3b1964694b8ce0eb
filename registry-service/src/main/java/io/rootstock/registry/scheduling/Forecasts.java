package io.rootstock.registry.scheduling;

import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.Sql;
import io.rootstock.scheduling.Forecast;
import io.rootstock.scheduling.Policy;
import io.rootstock.scheduling.Snapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Stores positions in the queue and estimated times, after changes of the jobs and every ten seconds. Used by one thread. */
final class Forecasts {
    private static final Duration PAUSE = Duration.ofSeconds(10);
    /** Longest queue whose times are estimated; the oldest jobs of a longer one. */
    private static final int MAX_JOBS = 1000;
    /** Smallest change of an estimated time that is stored, relative to the time until then. */
    private static final double CHANGE = 0.02;

    private static final double MIN_CHANGE = 2;

    private final Database database;
    private final Policy policy;
    private Set<Seen> seen = Set.of();
    private Instant next = Instant.MIN;

    /** The state of a job that its times depend on, apart from the passing time. */
    private record Seen(String id, boolean waits, double maxDollars) {}

    Forecasts(Database database, Policy policy) {
        this.database = database;
        this.policy = policy;
    }

    /** Estimates and stores the times of jobs if their set, their phases or their limits have changed, or it is time. */
    void update(List<ActiveJob> jobs, Snapshot snapshot, Instant now) {
        Set<Seen> current = jobs.stream()
                .map(job ->
                        new Seen(job.id(), job.waits(), job.schedule().cost().maxDollars()))
                .collect(Collectors.toSet());
        if (now.isBefore(next) && current.equals(seen)) {
            return;
        }
        seen = current;
        next = now.plus(PAUSE);
        Map<String, Forecast> forecasts = new HashMap<>();
        Forecast.of(oldest(snapshot), policy).forEach(forecast -> forecasts.put(forecast.job(), forecast));
        database.write(connection -> {
            for (ActiveJob job : jobs) {
                store(connection, job, Optional.ofNullable(forecasts.get(job.id())), now);
            }
            return null;
        });
    }

    /** The jobs that hold devices, and the oldest that wait. */
    private static Snapshot oldest(Snapshot snapshot) {
        return new Snapshot(
                snapshot.time(),
                snapshot.devices(),
                snapshot.jobs().stream().limit(MAX_JOBS).toList(),
                snapshot.quotas(),
                snapshot.usage(),
                snapshot.monthDollars());
    }

    private static void store(Connection connection, ActiveJob job, Optional<Forecast> forecast, Instant now)
            throws SQLException {
        JobSchedule stored = job.schedule();
        int position = forecast.map(Forecast::position).orElse(0);
        Optional<Instant> start =
                forecast.filter(found -> found.position() > 0).map(found -> instant(found.startTime()));
        Optional<Instant> end = forecast.map(found -> instant(found.endTime()));
        if (position == stored.queuePosition()
                && isClose(start, stored.estimatedStart(), now)
                && isClose(end, stored.estimatedEnd(), now)) {
            return;
        }
        Sql.of(connection, """
                        update job_schedule set queue_position = ?, estimated_start_time = ?::timestamptz,
                            estimated_end_time = ?::timestamptz
                        where job = ? and (waiting is not null) = ?
                        """, position, start.orElse(null), end.orElse(null), job.id(), job.waits())
                .update();
    }

    private static boolean isClose(Optional<Instant> time, Optional<Instant> stored, Instant now) {
        if (time.isEmpty() || stored.isEmpty()) {
            return time.equals(stored);
        }
        double change = Math.abs(Duration.between(time.get(), stored.get()).toMillis() / 1000.0);
        double until = Math.abs(Duration.between(now, time.get()).toMillis() / 1000.0);
        return change < Math.max(MIN_CHANGE, CHANGE * until);
    }

    private static Instant instant(double seconds) {
        return Instant.ofEpochMilli(Math.round(seconds * 1000));
    }
}
