package io.rootstock.registry.job;

import io.rootstock.registry.database.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * Commands for the trainer. A command is written in the transaction that changes its job, sent in order within the job,
 * and deleted after the trainer has answered.
 *
 * <p>A command that the trainer rejects temporarily is due again after a delay that doubles with each attempt, so that it does
 * not keep other jobs' commands waiting.
 */
final class Outbox {
    private static final int BATCH = 100;
    private static final Duration FIRST_DELAY = Duration.ofMillis(100);
    private static final Duration MAX_DELAY = Duration.ofSeconds(5);

    private Outbox() {}

    /** A command for a run; every command is idempotent, because it may be sent twice. */
    enum Command {
        START,
        CANCEL,
        PAUSE,
        RESUME,
        /** The run of a deleted job, or of a job that ended long ago, is deleted; the only command without a job. */
        DELETE
    }

    /**
     * A command that the trainer has not answered yet.
     *
     * @param id position in the order of creation
     * @param job the job's id
     * @param resumption of RESUME
     * @param attempts number of times that the trainer has rejected it temporarily
     */
    record Entry(long id, String job, Command command, Resumption resumption, int attempts) {}

    static void put(Connection connection, String job, Command command) throws SQLException {
        put(connection, job, command, Resumption.PLAIN);
    }

    static void put(Connection connection, String job, Command command, Resumption resumption) throws SQLException {
        Sql.of(
                        connection,
                        "insert into job_command (job, command, ranks, restart) values (?, ?, ?, ?)",
                        job,
                        command.name(),
                        resumption.ranks(),
                        resumption.restart())
                .update();
    }

    /** Returns due commands, at most the oldest of each job, those that have waited longest first. */
    static List<Entry> due(Connection connection) throws SQLException {
        return Sql.of(connection, """
                        select id, job, command, ranks, restart, attempts from job_command as oldest
                        where due_time <= clock_timestamp() and not exists (
                            select from job_command as earlier where earlier.job = oldest.job and earlier.id < oldest.id)
                        order by due_time, id limit ?
                        """, BATCH).list(Outbox::entry);
    }

    /** Makes a command due again after a delay that doubles with each attempt, from 100 ms to 5 s. */
    static void postpone(Connection connection, Entry entry) throws SQLException {
        long delay = FIRST_DELAY.toMillis() << Math.min(entry.attempts(), 10);
        Sql.of(connection, """
                        update job_command set attempts = attempts + 1,
                            due_time = clock_timestamp() + ?::bigint * interval '1 ms' where id = ?
                        """, Math.min(delay, MAX_DELAY.toMillis()), entry.id())
                .update();
    }

    /** Returns true if no command waits for the trainer. */
    static boolean isEmpty(Connection connection) throws SQLException {
        return Sql.of(connection, "select id from job_command limit 1")
                .first(row -> row.getLong(1))
                .isEmpty();
    }

    /** Returns a job's commands, oldest first. */
    static List<Command> pending(Connection connection, String job) throws SQLException {
        return Sql.of(connection, "select command from job_command where job = ? order by id", job)
                .list(row -> Command.valueOf(row.getString(1)));
    }

    static void delete(Connection connection, long id) throws SQLException {
        Sql.of(connection, "delete from job_command where id = ?", id).update();
    }

    static void deleteAll(Connection connection, String job) throws SQLException {
        Sql.of(connection, "delete from job_command where job = ?", job).update();
    }

    private static Entry entry(ResultSet row) throws SQLException {
        return new Entry(
                row.getLong("id"),
                row.getString("job"),
                Command.valueOf(row.getString("command")),
                new Resumption(row.getInt("ranks"), row.getBoolean("restart")),
                row.getInt("attempts"));
    }
}
