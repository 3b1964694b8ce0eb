package io.rootstock.registry.database;

import java.time.Duration;
import java.time.Instant;

/** Removes request ids that are older than a week, once an hour. A repetition of such a request is a new request. */
public final class RequestRetention {
    /** Time for which a request id is known. */
    static final Duration KEPT = Duration.ofDays(7);

    private static final Duration PAUSE = Duration.ofHours(1);
    /** Rows of a transaction, so that no request waits long. */
    private static final int BATCH = 10_000;

    private final Database database;
    private Instant next = Instant.MIN;

    /** Creates the task without running it. */
    public RequestRetention(Database database) {
        this.database = database;
    }

    /** Removes expired ids if the last time was an hour ago or more; returns false if some are left. */
    public boolean round() {
        if (Instant.now().isBefore(next)) {
            return true;
        }
        int removed = database.write(
                connection -> Sql.of(connection, """
                        delete from request where (method, id) in (
                            select method, id from request
                            where create_time < clock_timestamp() - ?::bigint * interval '1 s' limit ?)
                        """, KEPT.toSeconds(), BATCH).update());
        if (removed < BATCH) {
            next = Instant.now().plus(PAUSE);
        }
        return removed < BATCH;
    }
}
