package io.rootstock.registry.job;

import io.rootstock.registry.database.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Commands for the trainer, written in the same transaction as the wish they carry out, sent in order for each job, and
 * deleted only when the trainer has answered.
 */
final class Outbox {
    private static final int BATCH = 100;

    private Outbox() {}

    /** What the trainer is asked to do with a run. All of them may be asked twice. */
    enum Command {
        START,
        CANCEL,
        PAUSE,
        RESUME
    }

    /**
     * A command that was not answered yet.
     *
     * @param id grows with time
     * @param job the job's id
     * @param ranks processes that go on with a job that is resumed; 0: as many as before
     */
    record Entry(long id, String job, Command command, int ranks) {}

    static void put(Connection connection, String job, Command command) throws SQLException {
        put(connection, job, command, 0);
    }

    static void put(Connection connection, String job, Command command, int ranks) throws SQLException {
        Sql.of(connection, "insert into job_command (job, command, ranks) values (?, ?, ?)", job, command.name(), ranks)
                .update();
    }

    /** The oldest command of each job, oldest first. */
    static List<Entry> due(Connection connection) throws SQLException {
        return Sql.of(connection, """
                        select id, job, command, ranks from job_command
                        where id in (select min(id) from job_command group by job) order by id limit ?
                        """, BATCH)
                .list(row ->
                        new Entry(row.getLong(1), row.getString(2), Command.valueOf(row.getString(3)), row.getInt(4)));
    }

    /** A job's commands, oldest first. */
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
