package io.rootstock.registry.scheduling;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Effects of decisions on jobs. Each locks the job's row, and does nothing if the job has changed so that the decision does
 * not apply any more.
 */
public interface SchedulingActions {
    /** Sends the command that a job waits for. */
    void release(Connection connection, String job) throws SQLException;

    /** Stops a run at a checkpoint. */
    void stop(Connection connection, String job, Stop stop) throws SQLException;

    /** Sets the message of a job that waits. */
    void explain(Connection connection, String job, String message) throws SQLException;
}
