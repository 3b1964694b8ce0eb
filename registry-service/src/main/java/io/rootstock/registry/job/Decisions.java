package io.rootstock.registry.job;

import io.rootstock.registry.job.JobStateMachine.Decision;
import io.rootstock.registry.v1.JobState;
import io.rootstock.service.Errors;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jboss.logging.Logger;

/** Stores the state machine's decisions; the caller holds the lock of the job's row. */
final class Decisions {
    private static final Logger LOG = Logger.getLogger(Decisions.class);

    private Decisions() {}

    /**
     * Stores a decision together with its commands; a refused request is FAILED_PRECONDITION. A request that repeats
     * the newest pending command changes nothing.
     *
     * @param ranks number of processes of a resumed job; 0: unchanged
     */
    static void store(Connection connection, JobRow job, Decision decision, int ranks) throws SQLException {
        switch (decision) {
            case Decision.Unchanged() -> {}
            case Decision.Requested(DesiredState desired, Outbox.Command command, String message) -> {
                List<Outbox.Command> pending = Outbox.pending(connection, job.id());
                if (pending.isEmpty() || pending.getLast() != command) {
                    Outbox.put(connection, job.id(), command, ranks);
                    JobRepository.setDesired(connection, job.id(), desired, message);
                }
            }
            case Decision.Moved(
                    JobState state,
                    DesiredState desired,
                    List<Outbox.Command> commands,
                    String message) -> {
                JobRepository.setDesired(connection, job.id(), desired, message);
                JobEvents.transition(connection, job, state, message);
                for (Outbox.Command command : commands) {
                    Outbox.put(connection, job.id(), command, ranks);
                }
            }
            case Decision.Refused(String reason) ->
                throw Errors.failedPrecondition("WRONG_STATE", job.name() + " " + reason);
        }
    }

    /**
     * Restarts a run that the trainer has lost, as far as the job's desired state permits; the new log is followed from
     * its beginning.
     *
     * @return false if the job keeps its state
     */
    static boolean restartLost(Connection connection, JobRow job) throws SQLException {
        Decision decision = JobStateMachine.lost(job.position());
        if (decision instanceof Decision.Unchanged) {
            return false;
        }
        LOG.warnf("%s: the trainer has no such run; desired state: %s", job.name(), job.desired());
        JobRepository.setSource(connection, job.id(), job.sourceEpoch() + 1, 0);
        store(connection, job, decision, 0);
        return true;
    }
}
