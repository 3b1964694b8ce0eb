package io.rootstock.registry.job;

import io.rootstock.registry.database.Database;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.service.Errors;
import java.util.List;

/** The events of one job for one watcher, after a given sequence number, until the job is terminal. */
public final class JobFeed {
    private static final int BATCH = 200;

    private final Database database;
    private final String job;
    private long sequence;

    /**
     * Creates a feed.
     *
     * @param job the job's id
     * @param afterSequence sequence number of the last event that the watcher has; 0: none
     */
    JobFeed(Database database, String job, long afterSequence) {
        this.database = database;
        this.job = job;
        this.sequence = afterSequence;
    }

    /**
     * A batch of events.
     *
     * @param events oldest first; empty if no new event is stored
     * @param over whether the job is terminal and these are its last events
     */
    public record Batch(List<JobEvent> events, boolean over) {}

    /** Returns the next events since the last call; NOT_FOUND if the job does not exist. */
    public Batch next() {
        return database.read(connection -> {
            JobRow row = JobRepository.find(connection, job)
                    .orElseThrow(() -> Errors.notFound("jobs/" + job, "list the jobs with `rootstock jobs list`"));
            List<JobEvent> events = JobEvents.after(connection, job, sequence, BATCH);
            if (!events.isEmpty()) {
                sequence = events.getLast().getSequence();
            }
            return new Batch(events, JobStates.isTerminal(row.state()) && sequence >= row.lastSequence());
        });
    }
}
