package io.rootstock.registry.job;

import io.rootstock.job.v1.JobState;
import java.util.List;
import java.util.Set;

/**
 * The transitions of a job, as pure functions. A client's request changes the desired state; a report of the trainer or
 * the resolver changes the state.
 *
 * <p>Invariants: the state is the last known state of the run, and the desired state is the client's last request;
 * neither is derived from a message text. A request on a queued or running job sends a command, and the state follows
 * with the trainer's report. A request on a stopped job changes the state at once. A succeeded job never changes.
 *
 * <p>The dispatcher relies on a command for every accepted request, in the order of the requests; the follower relies
 * on a job in a terminal state having no pending RESUME, because it stops there.
 */
final class JobStateMachine {
    private JobStateMachine() {}

    /**
     * A job before a request.
     *
     * @param resolved whether the run's specification is stored; without it, the trainer has no run of this job
     * @param started whether a run was ever started
     * @param waiting whether the job waits for devices; its START or RESUME is sent when they are free
     */
    record Position(JobState state, DesiredState desired, boolean resolved, boolean started, boolean waiting) {
        /** Whether the trainer has no run of this job, and gets none before devices are free. */
        boolean isBeforeStart() {
            return waiting && !started;
        }
    }

    /** Result of a client's request. */
    sealed interface Decision {
        /** The job already is in the requested state. */
        record Unchanged() implements Decision {}

        /**
         * The desired state changes; the state follows with the trainer's report.
         *
         * @param message reason of the pending change, for users
         */
        record Requested(DesiredState desired, Outbox.Command command, String message) implements Decision {}

        /**
         * The state changes at once.
         *
         * @param commands commands for the trainer, in order; empty if the trainer has no run of this job
         * @param message reason of the state, for users
         */
        record Moved(JobState state, DesiredState desired, List<Outbox.Command> commands, String message)
                implements Decision {}

        /**
         * The job waits for devices, also if it waits already; the command is sent when they are free.
         *
         * @param command START or RESUME
         * @param message reason of the state, for users
         */
        record Queued(Outbox.Command command, String message) implements Decision {}

        /**
         * The request is illegal.
         *
         * @param reason predicate of a sentence about the job, such as "is SUCCEEDED and cannot be paused"
         */
        record Refused(String reason) implements Decision {}
    }

    /** Decides on CancelJob. */
    static Decision cancel(Position job) {
        if (job.isBeforeStart()) {
            return cancelled("cancelled by request");
        }
        return switch (job.state()) {
            case JOB_STATE_CANCELLED -> new Decision.Unchanged();
            case JOB_STATE_VALIDATING -> cancelled("cancelled by request");
            case JOB_STATE_QUEUED, JOB_STATE_RUNNING, JOB_STATE_PAUSED, JOB_STATE_NEEDS_RECOVERY ->
                new Decision.Requested(DesiredState.CANCELLED, Outbox.Command.CANCEL, "cancellation requested");
            case JOB_STATE_SUCCEEDED, JOB_STATE_FAILED, JOB_STATE_UNSPECIFIED, UNRECOGNIZED ->
                refused(job, "cancelled");
        };
    }

    /** Decides on PauseJob. A paused job with the desired state RUNNING has a RESUME on its way, which is revoked. */
    static Decision pause(Position job) {
        if (isBeingCancelled(job)) {
            return refused(job, "paused");
        }
        if (job.isBeforeStart()) {
            return new Decision.Moved(
                    JobState.JOB_STATE_PAUSED, DesiredState.PAUSED, List.of(), "paused before its start");
        }
        return switch (job.state()) {
            case JOB_STATE_PAUSED -> job.desired() == DesiredState.PAUSED ? new Decision.Unchanged() : pauseRequested();
            case JOB_STATE_QUEUED, JOB_STATE_RUNNING -> pauseRequested();
            case JOB_STATE_VALIDATING,
                    JOB_STATE_NEEDS_RECOVERY,
                    JOB_STATE_SUCCEEDED,
                    JOB_STATE_FAILED,
                    JOB_STATE_CANCELLED,
                    JOB_STATE_UNSPECIFIED,
                    UNRECOGNIZED -> refused(job, "paused");
        };
    }

    /** Decides on ResumeJob. On a queued or running job, it revokes a requested pause. */
    static Decision resume(Position job) {
        if (isBeingCancelled(job)) {
            return refused(job, "resumed");
        }
        return switch (job.state()) {
            case JOB_STATE_VALIDATING -> new Decision.Unchanged();
            case JOB_STATE_QUEUED, JOB_STATE_RUNNING ->
                job.desired() == DesiredState.RUNNING
                        ? new Decision.Unchanged()
                        : new Decision.Requested(DesiredState.RUNNING, Outbox.Command.RESUME, "resume requested");
            case JOB_STATE_PAUSED, JOB_STATE_NEEDS_RECOVERY, JOB_STATE_FAILED, JOB_STATE_CANCELLED ->
                job.resolved()
                        ? new Decision.Queued(
                                job.started() ? Outbox.Command.RESUME : Outbox.Command.START, "resume requested")
                        : new Decision.Moved(
                                JobState.JOB_STATE_VALIDATING, DesiredState.RUNNING, List.of(), "resume requested");
            case JOB_STATE_SUCCEEDED, JOB_STATE_UNSPECIFIED, UNRECOGNIZED -> refused(job, "resumed");
        };
    }

    /** Decides on a run that the trainer accepted once and no longer has. A stopped job keeps its state. */
    static Decision lost(Position job) {
        if (job.waiting()) {
            // Its RESUME, once it is sent, meets the missing run.
            return new Decision.Unchanged();
        }
        return switch (job.state()) {
            case JOB_STATE_QUEUED, JOB_STATE_RUNNING ->
                switch (job.desired()) {
                    case RUNNING -> restarted(job.desired(), List.of(Outbox.Command.START));
                    case PAUSED -> restarted(job.desired(), List.of(Outbox.Command.START, Outbox.Command.PAUSE));
                    case CANCELLED -> cancelled("cancelled by request; the trainer has no such run");
                };
            case JOB_STATE_PAUSED ->
                job.desired() == DesiredState.RUNNING
                        ? restarted(job.desired(), List.of(Outbox.Command.START))
                        : new Decision.Unchanged();
            case JOB_STATE_VALIDATING,
                    JOB_STATE_NEEDS_RECOVERY,
                    JOB_STATE_SUCCEEDED,
                    JOB_STATE_FAILED,
                    JOB_STATE_CANCELLED,
                    JOB_STATE_UNSPECIFIED,
                    UNRECOGNIZED -> new Decision.Unchanged();
        };
    }

    /** Returns true if a job may change from one state to another; a state may be reported repeatedly. */
    static boolean isLegal(JobState from, JobState to) {
        return from == to || successors(from).contains(to);
    }

    private static Set<JobState> successors(JobState from) {
        return switch (from) {
            case JOB_STATE_VALIDATING ->
                Set.of(JobState.JOB_STATE_QUEUED, JobState.JOB_STATE_FAILED, JobState.JOB_STATE_CANCELLED);
            // The trainer's report after an outage may skip states, so an active job may change to any reported state.
            case JOB_STATE_QUEUED, JOB_STATE_RUNNING, JOB_STATE_PAUSED, JOB_STATE_NEEDS_RECOVERY ->
                Set.of(
                        JobState.JOB_STATE_QUEUED,
                        JobState.JOB_STATE_RUNNING,
                        JobState.JOB_STATE_PAUSED,
                        JobState.JOB_STATE_NEEDS_RECOVERY,
                        JobState.JOB_STATE_SUCCEEDED,
                        JobState.JOB_STATE_FAILED,
                        JobState.JOB_STATE_CANCELLED);
            case JOB_STATE_FAILED, JOB_STATE_CANCELLED ->
                Set.of(JobState.JOB_STATE_VALIDATING, JobState.JOB_STATE_QUEUED);
            case JOB_STATE_SUCCEEDED, JOB_STATE_UNSPECIFIED, UNRECOGNIZED -> Set.of();
        };
    }

    private static boolean isBeingCancelled(Position job) {
        return job.desired() == DesiredState.CANCELLED && !JobStates.isTerminal(job.state());
    }

    private static Decision pauseRequested() {
        return new Decision.Requested(DesiredState.PAUSED, Outbox.Command.PAUSE, "pause requested");
    }

    private static Decision restarted(DesiredState desired, List<Outbox.Command> commands) {
        return new Decision.Moved(
                JobState.JOB_STATE_QUEUED, desired, commands, "the trainer had lost the run; it is started again");
    }

    private static Decision cancelled(String message) {
        return new Decision.Moved(JobState.JOB_STATE_CANCELLED, DesiredState.CANCELLED, List.of(), message);
    }

    private static Decision refused(Position job, String done) {
        return new Decision.Refused("is " + JobStates.column(job.state())
                + (isBeingCancelled(job) ? " and being cancelled" : "") + " and cannot be " + done);
    }
}
