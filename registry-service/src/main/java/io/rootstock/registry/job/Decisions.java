package io.rootstock.registry.job;

import io.rootstock.job.v1.JobState;
import io.rootstock.registry.checkpoint.JobCheckpoints;
import io.rootstock.registry.job.JobStateMachine.Decision;
import io.rootstock.registry.scheduling.JobSchedules;
import io.rootstock.registry.scheduling.Stop;
import io.rootstock.registry.scheduling.Waiting;
import io.rootstock.scheduling.Cost;
import io.rootstock.scheduling.Policy;
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
        boolean decide(Connection connection, TrainingRow job) throws SQLException;
    }

    /**
     * Stores a decision together with its commands; a refused request is FAILED_PRECONDITION. A request that repeats
     * the newest pending command changes nothing.
     *
     * @param resumption how the job is resumed, if the decision resumes it
     */
    static void store(Connection connection, TrainingRow job, Decision decision, Resumption resumption)
            throws SQLException {
        switch (decision) {
            case Decision.Unchanged() -> {}
            case Decision.Requested(DesiredState desired, Outbox.Command command, String message) -> {
                // The command follows the one that waits for devices, so that the run ends in the requested state.
                release(connection, job);
                List<Outbox.Command> pending = Outbox.pending(connection, job.id());
                boolean isRepeated = !pending.isEmpty() && pending.getLast() == command;
                if (!isRepeated) {
                    Outbox.put(connection, job.id(), command, resumption);
                }
                // The scheduler's PAUSE may be pending, after which the job would wait again.
                if (!isRepeated || job.desired() != desired) {
                    TrainingRepository.setDesired(connection, job.id(), desired, message);
                }
            }
            case Decision.Moved(
                    JobState state,
                    DesiredState desired,
                    List<Outbox.Command> commands,
                    String message) -> {
                JobSchedules.clear(connection, job.id());
                TrainingRepository.setDesired(connection, job.id(), desired, message);
                JobEvents.transition(connection, job, state, message);
                for (Outbox.Command command : commands) {
                    Outbox.put(connection, job.id(), command, resumption);
                }
            }
            case Decision.Queued(Outbox.Command command, String message) -> {
                Waiting waiting = command == Outbox.Command.START
                        ? Waiting.START
                        : new Waiting(Waiting.Kind.RESUME, resumption.ranks(), resumption.restart());
                JobSchedules.await(connection, job.id(), waiting, false);
                TrainingRepository.setDesired(connection, job.id(), DesiredState.RUNNING, message);
                JobEvents.transition(connection, job, JobState.JOB_STATE_QUEUED, message);
            }
            case Decision.Refused(String reason) ->
                throw Errors.failedPrecondition("WRONG_STATE", job.name() + " " + reason);
        }
    }

    /**
     * Sets the cost limit of a resumption.
     *
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT if the new limit does not pay for the next minutes,
     *     FAILED_PRECONDITION if the job has reached its limit and no new one is set
     */
    static void raiseLimit(Connection connection, TrainingRow job, Decision decision, Resumption resumption)
            throws SQLException {
        double limit = resumption.maxCostDollars();
        Cost before = job.schedule().cost();
        if (limit > 0 && !(decision instanceof Decision.Refused)) {
            Cost raised = new Cost(before.dollarsPerHour(), before.dollarsSpent(), limit, before.reportSeconds());
            if (raised.mustStop(Policy.DEFAULT.stop())) {
                throw Errors.invalidArgument(
                        "max_cost_dollars",
                        "must pay for the next minutes after $%.2f of %s, was %s"
                                .formatted(before.dollarsSpent(), job.name(), limit));
            }
            JobSchedules.setMaxCost(connection, job.id(), limit);
        } else if (resumes(decision) && before.mustStop(Policy.DEFAULT.stop())) {
            throw Errors.failedPrecondition(
                    "COST_LIMIT",
                    "%s has spent $%.2f of its limit of $%.2f; resume it with a higher max_cost_dollars: "
                                    .formatted(job.name(), before.dollarsSpent(), before.maxDollars())
                            + "rootstock jobs resume " + job.id() + " --max-cost DOLLARS");
        }
    }

    private static boolean resumes(Decision decision) {
        return switch (decision) {
            case Decision.Queued(Outbox.Command _, String _) -> true;
            case Decision.Requested(DesiredState _, Outbox.Command command, String _) ->
                command == Outbox.Command.RESUME;
            case Decision.Unchanged(), Decision.Refused(String _) -> false;
            case Decision.Moved(JobState _, DesiredState _, List<Outbox.Command> _, String _) -> false;
        };
    }

    /** Sends the command that a job waits for; without effect on a job that does not wait. */
    static void release(Connection connection, TrainingRow job) throws SQLException {
        if (job.schedule().waiting().isEmpty() || JobStates.isTerminal(job.state())) {
            return;
        }
        Waiting waiting = job.schedule().waiting().get();
        JobSchedules.release(connection, job.id());
        switch (waiting.kind()) {
            case START -> {
                TrainingRepository.setStarted(connection, job.id());
                Outbox.put(connection, job.id(), Outbox.Command.START);
            }
            case RESUME ->
                Outbox.put(
                        connection,
                        job.id(),
                        Outbox.Command.RESUME,
                        new Resumption(waiting.ranks(), waiting.restart()));
        }
    }

    /** Stops a run for the scheduler; without effect on a job that stops already or has no active run. */
    static void stop(Connection connection, TrainingRow job, Stop stop) throws SQLException {
        boolean active = switch (job.state()) {
            case JOB_STATE_QUEUED, JOB_STATE_RUNNING -> job.schedule().waiting().isEmpty();
            case JOB_STATE_VALIDATING,
                    JOB_STATE_PAUSED,
                    JOB_STATE_NEEDS_RECOVERY,
                    JOB_STATE_SUCCEEDED,
                    JOB_STATE_FAILED,
                    JOB_STATE_CANCELLED,
                    JOB_STATE_UNSPECIFIED,
                    UNRECOGNIZED -> false;
        };
        if (!active
                || job.desired() != DesiredState.RUNNING
                || job.schedule().stop().isPresent()) {
            return;
        }
        JobSchedules.setStop(connection, job.id(), stop);
        DesiredState desired = switch (stop.reason()) {
            case PREEMPTED -> DesiredState.RUNNING;
            case LIMIT -> DesiredState.PAUSED;
        };
        TrainingRepository.setDesired(connection, job.id(), desired, stop.message());
        Outbox.put(connection, job.id(), Outbox.Command.PAUSE);
    }

    /**
     * Restarts a run that the trainer has lost or that the user restarts, as far as the job's desired state permits; the
     * new log is followed from its beginning.
     *
     * @return false if the job keeps its state
     */
    static boolean restartLost(Connection connection, TrainingRow job) throws SQLException {
        Decision decision = JobStateMachine.lost(job.position());
        if (decision instanceof Decision.Unchanged) {
            return false;
        }
        String from = JobCheckpoints.of(connection, job.id()).stream()
                .findFirst()
                .map(newest -> "the checkpoint of step " + newest.getStep())
                .orElse("step 0");
        LOG.warnf("%s: the run is started again from %s; desired state: %s", job.name(), from, job.desired());
        TrainingRepository.setSource(connection, job.id(), job.sourceEpoch() + 1, 0);
        store(connection, job, decision, Resumption.PLAIN);
        return true;
    }

    /**
     * Marks an active job whose run the trainer does not know, without proof that it was lost: the trainer's data
     * directory may be empty or another one, or the endpoint may be wrong.
     *
     * @return false if the job keeps its state
     */
    static boolean markUnknown(Connection connection, TrainingRow job) throws SQLException {
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
