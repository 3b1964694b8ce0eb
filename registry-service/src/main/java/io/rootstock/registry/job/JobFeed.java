package io.rootstock.registry.job;

import io.rootstock.registry.database.Database;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.service.Errors;
import java.util.List;

/** The events of one job for one follower, from any sequence number on, until the job is over. */
public final class JobFeed {
    private static final int BATCH = 200;

    private final Database database;
    private final String job;
    private long sequence;

    /**
     * A feed that has sent nothing yet.
     *
     * @param job the job's id
     * @param afterSequence the last event that the follower knows
     */
    public JobFeed(Database database, String job, long afterSequence) {
        this.database = database;
        this.job = job;
        this.sequence = afterSequence;
    }

    /**
     * The next events.
     *
     * @param events oldest first; empty: none yet
     * @param over the job has ended and these were its last events
     */
    public record Batch(List<JobEvent> events, boolean over) {}

    /** The next events since the last call; NOT_FOUND where there is no such job. */
    public Batch next() {
        return database.read(connection -> {
            JobRow row = JobRepository.find(connection, job)
                    .orElseThrow(() -> Errors.notFound("jobs/" + job, "list what is there with `rootstock jobs list`"));
            List<JobEvent> events = JobEvents.after(connection, job, sequence, BATCH);
            if (!events.isEmpty()) {
                sequence = events.getLast().getSequence();
            }
            return new Batch(events, JobStates.isTerminal(row.state()) && sequence >= row.lastSequence());
        });
    }
}
