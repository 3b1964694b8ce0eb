package io.rootstock.registry.job;

import io.rootstock.registry.checkpoint.JobCheckpoints;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.DeletionMode;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.watch.Changes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Removes data of jobs that ended long ago, once an hour: their events, and the runs at the trainer, whose events are stored.
 * State changes, the newest evaluations, the metrics and the registered version stay.
 */
final class EndedJobs {
    private static final Duration PAUSE = Duration.ofHours(1);
    /** Rows of a transaction, so that no watcher waits long. */
    private static final int BATCH = 10_000;
    /** Transactions of a round, so that the loop can stop. */
    private static final int TRANSACTIONS = 100;
    /** The predicate of the index on these jobs, and their age. A fine-tuning job reads events after the end. */
    private static final String ENDED = """
            state in ('SUCCEEDED', 'FAILED', 'CANCELLED')
                and update_time < clock_timestamp() - ?::bigint * interval '1 s'
                and not exists (
                    select from fine_tuning where fine_tuning.job = job.id and fine_tuning.state = 'TRAINING')
            """;

    private final Database database;
    private final Changes changes;
    private final JobRetention retention;
    private Instant next = Instant.MIN;

    /** Creates the task without running it. */
    EndedJobs(Database database, Changes changes, JobRetention retention) {
        this.database = database;
        this.changes = changes;
        this.retention = retention;
    }

    /** Removes expired data if the last time was an hour ago or more; returns false if some is left. */
    boolean round() {
        if (Instant.now().isBefore(next)) {
            return true;
        }
        for (int i = 0; i < TRANSACTIONS; i++) {
            boolean removedEvents = database.write(this::removeEvents);
            boolean removedRuns = removeRuns();
            if (!removedEvents && !removedRuns) {
                next = Instant.now().plus(PAUSE);
                return true;
            }
        }
        return false;
    }

    /** Removes a batch of events of one job; returns false if there is none. */
    private boolean removeEvents(Connection connection) throws SQLException {
        if (retention.events().isZero()) {
            return false;
        }
        Optional<String> job = Sql.of(
                        connection,
                        "select id from job where not events_removed and " + ENDED
                                + "order by update_time limit 1 for update skip locked",
                        retention.events().toSeconds())
                .first(row -> row.getString(1));
        if (job.isEmpty()) {
            return false;
        }
        DeletionMode.begin(connection);
        int removed = Sql.of(connection, """
                        delete from job_event where job = ? and sequence in (
                            select sequence from job_event where job = ? and not state_changed limit ?)
                        """, job.get(), job.get(), BATCH).update();
        if (removed < BATCH) {
            Sql.of(connection, "update job set events_removed = true where id = ?", job.get())
                    .update();
        }
        return true;
    }

    /** Commands the trainer to delete a batch of runs; returns false if there is none. */
    private boolean removeRuns() {
        if (retention.runs().isZero()) {
            return false;
        }
        List<String> removed = database.write(connection -> {
            List<String> jobs = Sql.of(
                            connection,
                            "select id from job join training on training.job = job.id where started and not run_removed"
                                    + " and " + ENDED + "order by update_time limit ? for update of job skip locked",
                            retention.runs().toSeconds(),
                            TRANSACTIONS)
                    .list(row -> row.getString(1));
            for (String job : jobs) {
                Outbox.put(connection, job, Outbox.Command.DELETE);
            }
            JobCheckpoints.delete(connection, jobs);
            Sql.of(connection, "update training set run_removed = true where job = any(?)", jobs)
                    .update();
            return jobs;
        });
        if (!removed.isEmpty()) {
            changes.announce();
        }
        return !removed.isEmpty();
    }
}
