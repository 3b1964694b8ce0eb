package io.rootstock.registry.job;

import io.rootstock.registry.database.Database;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.registry.watch.ResumeToken;
import java.util.List;

/** The events of one job for one watcher, after a given sequence number, until the job is terminal. */
public final class JobFeed {
    private static final int BATCH = 200;

    private final Database database;
    private final String job;
    private ResumeToken position;
    /** Whether the position is of a watcher's token, and not compared with the stored events yet. */
    private boolean unchecked;

    /** Creates a feed that continues after a position of an earlier feed. */
    JobFeed(Database database, String job, ResumeToken position) {
        this.database = database;
        this.job = job;
        this.position = position;
        this.unchecked = true;
    }

    /**
     * Creates a feed.
     *
     * @param job the job's id
     * @param afterSequence sequence number of the last event that the watcher has; 0: none
     */
    JobFeed(Database database, String job, long afterSequence) {
        this.database = database;
        this.job = job;
        this.position = new ResumeToken(afterSequence, 0);
    }

    /**
     * A batch of events.
     *
     * @param events oldest first; empty if no new event is stored
     * @param over whether the job is terminal and these are its last events
     * @param reset whether the feed cannot continue after its position, and begins with the first stored event
     */
    public record Batch(List<Entry> events, boolean over, boolean reset) {}

    /** An event with the position after it. */
    public record Entry(JobEvent event, ResumeToken position) {}

    /** Returns the next events since the last call; NOT_FOUND if the job does not exist. */
    public Batch next() {
        return database.read(connection -> {
            JobRow row = JobRepository.find(connection, job).orElseThrow(() -> Jobs.noJob(job));
            boolean reset = unchecked && !JobEvents.has(connection, job, position);
            if (reset) {
                position = ResumeToken.START;
            }
            List<Entry> events = JobEvents.after(connection, job, position.sequence(), BATCH).stream()
                    .map(event -> new Entry(event, JobEvents.position(event)))
                    .toList();
            if (!events.isEmpty()) {
                position = events.getLast().position();
            }
            unchecked = false;
            return new Batch(events, JobStates.isTerminal(row.state()) && events.size() < BATCH, reset);
        });
    }
}
