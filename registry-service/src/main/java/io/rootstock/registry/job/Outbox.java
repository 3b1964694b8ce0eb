package io.rootstock.registry.job;

import io.rootstock.registry.database.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Commands for the trainer. A command is written in the transaction that changes its job, sent in order within the job,
 * and deleted after the trainer has answered.
 */
final class Outbox {
    private static final int BATCH = 100;

    private Outbox() {}

    /** A command for a run; every command is idempotent, because it may be sent twice. */
    enum Command {
        START,
        CANCEL,
        PAUSE,
        RESUME,
        /** The job is deleted; the only command without one. */
        DELETE
    }

    /**
     * A command that the trainer has not answered yet.
     *
     * @param id position in the order of creation
     * @param job the job's id
     * @param ranks of RESUME: number of processes; 0: unchanged
     */
    record Entry(long id, String job, Command command, int ranks) {}

    static void put(Connection connection, String job, Command command) throws SQLException {
        put(connection, job, command, 0);
    }

    static void put(Connection connection, String job, Command command, int ranks) throws SQLException {
        Sql.of(connection, "insert into job_command (job, command, ranks) values (?, ?, ?)", job, command.name(), ranks)
                .update();
    }

    /** Returns the oldest command of each job, oldest first. */
    static List<Entry> due(Connection connection) throws SQLException {
        return Sql.of(connection, """
                        select id, job, command, ranks from job_command
                        where id in (select min(id) from job_command group by job) order by id limit ?
                        """, BATCH)
                .list(row ->
                        new Entry(row.getLong(1), row.getString(2), Command.valueOf(row.getString(3)), row.getInt(4)));
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
}
