package io.rootstock.registry.metrics;

import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * The work of all registries of a database at one time.
 *
 * @param jobs number of jobs by kind and state
 * @param commands commands that the trainer has not answered
 * @param deliveries deliveries of webhooks that are due or will be repeated
 */
record StoredWork(Map<JobGroup, Long> jobs, Backlog commands, Backlog deliveries) {
    /**
     * Entries of an outbox.
     *
     * @param count number of entries
     * @param seconds age of the oldest entry; 0 without entries
     */
    record Backlog(long count, double seconds) {}

    /** Kind and state of jobs, as in the columns. */
    record JobGroup(String kind, String state) {}

    /** Reads one consistent state. */
    static StoredWork read(Database database) {
        return database.read(connection -> new StoredWork(
                jobs(connection),
                backlog(connection, "job_command"),
                backlog(connection, "webhook_delivery where state = 'PENDING'")));
    }

    private static Map<JobGroup, Long> jobs(Connection connection) throws SQLException {
        Map<JobGroup, Long> counts = new HashMap<>();
        Sql.of(connection, "select kind, state, count(*) from job group by kind, state")
                .list(row -> counts.put(new JobGroup(row.getString(1), row.getString(2)), row.getLong(3)));
        return counts;
    }

    private static Backlog backlog(Connection connection, String entries) throws SQLException {
        return Sql.of(
                        connection,
                        "select count(*), coalesce(extract(epoch from clock_timestamp() - min(create_time)), 0)"
                                + " from " + entries)
                .one(StoredWork::counted);
    }

    private static Backlog counted(ResultSet row) throws SQLException {
        return new Backlog(row.getLong(1), row.getDouble(2));
    }
}
