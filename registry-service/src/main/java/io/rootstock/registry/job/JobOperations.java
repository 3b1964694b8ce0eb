package io.rootstock.registry.job;

import io.rootstock.job.v1.JobKind;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.ResumeJobRequest;
import io.rootstock.service.Errors;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/**
 * What the clients' operations on jobs mean for jobs of some kinds. The connection is in a transaction that holds the lock of
 * the job's row, except in {@link #read}.
 */
public interface JobOperations {
    /** The kinds. */
    Set<JobKind> kinds();

    /** Returns jobs of these kinds, in any order; ids without a job are left out. */
    List<Job> read(Connection connection, List<String> ids) throws SQLException;

    /** Cancels a job; without effect on a cancelled one. */
    void cancel(Connection connection, String id) throws SQLException;

    /** Pauses a job at a checkpoint; FAILED_PRECONDITION if its kind has none. */
    void pause(Connection connection, String id) throws SQLException;

    /** Resumes a stopped job; {@link #requireNoFields} if its kind has no settings of a resumption. */
    void resume(Connection connection, String id, ResumeJobRequest request) throws SQLException;

    /** Deletes what the kind stores of a job that has ended. */
    void delete(Connection connection, String id) throws SQLException;

    /** INVALID_ARGUMENT if a resumption has settings. */
    static void requireNoFields(ResumeJobRequest request, String kind) {
        if (request.getRanks() != 0) {
            throw Errors.invalidArgument("ranks", "must be 0 for " + kind + ", was " + request.getRanks());
        }
        if (request.getRestart()) {
            throw Errors.invalidArgument("restart", "must be false for " + kind);
        }
        if (request.getMaxCostDollars() != 0) {
            throw Errors.invalidArgument(
                    "max_cost_dollars", "must be 0 for " + kind + ", was " + request.getMaxCostDollars());
        }
    }
}
