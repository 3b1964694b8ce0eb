package io.rootstock.registry.job;

import io.rootstock.registry.checkpoint.JobCheckpoints;
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

    /** A decision about a job whose run the trainer does not have. */
    @FunctionalInterface
    interface MissingRun {
        /** Returns false if the job keeps its state. */
        boolean decide(Connection connection, JobRow job) throws SQLException;
    }

    /**
     * Stores a decision together with its commands; a refused request is FAILED_PRECONDITION. A request that repeats
     * the newest pending command changes nothing.
     *
     * @param resumption how the job is resumed, if the decision resumes it
     */
    static void store(Connection connection, JobRow job, Decision decision, Resumption resumption) throws SQLException {
        switch (decision) {
            case Decision.Unchanged() -> {}
            case Decision.Requested(DesiredState desired, Outbox.Command command, String message) -> {
                List<Outbox.Command> pending = Outbox.pending(connection, job.id());
                if (pending.isEmpty() || pending.getLast() != command) {
                    Outbox.put(connection, job.id(), command, resumption);
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
                    Outbox.put(connection, job.id(), command, resumption);
                }
            }
            case Decision.Refused(String reason) ->
                throw Errors.failedPrecondition("WRONG_STATE", job.name() + " " + reason);
        }
    }

    /**
     * Restarts a run that the trainer has lost or that the user restarts, as far as the job's desired state permits; the
     * new log is followed from its beginning.
     *
     * @return false if the job keeps its state
     */
    static boolean restartLost(Connection connection, JobRow job) throws SQLException {
        Decision decision = JobStateMachine.lost(job.position());
        if (decision instanceof Decision.Unchanged) {
            return false;
        }
        String from = JobCheckpoints.of(connection, job.id()).stream()
                .findFirst()
                .map(newest -> "the checkpoint of step " + newest.getStep())
                .orElse("step 0");
        LOG.warnf("%s: the run is started again from %s; desired state: %s", job.name(), from, job.desired());
        JobRepository.setSource(connection, job.id(), job.sourceEpoch() + 1, 0);
        store(connection, job, decision, Resumption.PLAIN);
        return true;
    }

    /**
     * Marks an active job whose run the trainer does not know, without proof that it was lost: the trainer's data
     * directory may be empty or another one, or the endpoint may be wrong.
     *
     * @return false if the job keeps its state
     */
    static boolean markUnknown(Connection connection, JobRow job) throws SQLException {
        if (job.state() == JobState.JOB_STATE_NEEDS_RECOVERY
                || JobStates.isTerminal(job.state())
                || job.state() == JobState.JOB_STATE_VALIDATING) {
            return false;
        }
        LOG.warnf("%s: the trainer does not know the run", job.name());
        JobEvents.transition(
                connection,
                job,
                JobState.JOB_STATE_NEEDS_RECOVERY,
                "the trainer does not know this run: its data directory may be missing, or the endpoint may be wrong;"
                        + " restore it, or train again from step 0: rootstock jobs resume " + job.id() + " --restart");
        return true;
    }
}
