package io.rootstock.registry.job;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.job.v1.JobState;
import io.rootstock.names.ResourceName;
import io.rootstock.names.VersionName;
import io.rootstock.registry.checkpoint.JobCheckpoints;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.DatabaseException;
import io.rootstock.registry.database.DatabaseFailure;
import io.rootstock.registry.model.ArtifactCheck;
import io.rootstock.registry.model.Models;
import io.rootstock.registry.scheduling.JobSchedules;
import io.rootstock.registry.scheduling.Stop;
import io.rootstock.registry.scheduling.Waiting;
import io.rootstock.registry.watch.Changes;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.RunArtifacts;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunState;
import io.rootstock.trainer.v1.RunStateChanged;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Writes the trainer's events into jobs. Each event is stored once and in order; its effects (a state, a registered
 * version) are committed in the same transaction.
 */
@ApplicationScoped
public class JobJournal {
    private static final Logger LOG = Logger.getLogger(JobJournal.class);

    private final Database database;
    private final ArtifactCheck artifactCheck;
    private final Changes changes;

    /**
     * Creates a journal.
     *
     * @param changes notified after every event; all watchers only if the state changes
     */
    @Inject
    public JobJournal(Database database, ArtifactCheck artifactCheck, Changes changes) {
        this.database = database;
        this.artifactCheck = artifactCheck;
        this.changes = changes;
    }

    /** An event's number is not the newest stored number plus one; the log must be read again from that number. */
    static final class GapException extends RuntimeException {
        GapException(String job, long stored, long received) {
            super(job + ": received event " + received + " of the trainer after event " + stored);
        }
    }

    /** Result of verifying a run's artifacts: the artifacts, or the reason why they cannot be registered. */
    private sealed interface Outcome {
        record Verified(List<Artifact> artifacts) implements Outcome {}

        record Rejected(String reason) implements Outcome {}
    }

    /** Stores an event of the trainer's log; an event that is stored already changes nothing. */
    void store(String job, int epoch, RunEvent event) {
        boolean succeeded =
                event.hasStateChanged() && event.getStateChanged().getState() == RunState.RUN_STATE_SUCCEEDED;
        // Hashing is slow, so it runs before the job's row is locked.
        Outcome outcome = succeeded ? check(job) : null;
        try {
            store(job, epoch, event, (connection, row) -> apply(connection, row, event, outcome));
        } catch (DatabaseException e) {
            if (e.failure() != DatabaseFailure.INVALID_VALUE) {
                throw e;
            }
            // The event itself is stored as bytes. Its effects are skipped, or no later event would be stored.
            LOG.errorf(
                    e,
                    "jobs/%s: event %d has no effect, because the database does not accept it",
                    job,
                    event.getSequence());
            store(job, epoch, event, (connection, row) -> reject(connection, row, event));
        }
        if (event.hasStateChanged()) {
            changes.announce();
        } else {
            changes.announce(job);
        }
    }

    /** Effects of an event, in the transaction that stores it. */
    private interface Effects {
        void apply(Connection connection, TrainingRow job) throws SQLException;
    }

    private void store(String job, int epoch, RunEvent event, Effects effects) {
        database.write(connection -> {
            TrainingRow row = TrainingRepository.lock(connection, job).orElse(null);
            if (row == null || epoch != row.sourceEpoch() || event.getSequence() <= row.sourceSequence()) {
                return null;
            }
            if (event.getSequence() != row.sourceSequence() + 1) {
                throw new GapException(row.name(), row.sourceSequence(), event.getSequence());
            }
            JobEvents.append(connection, row, event);
            TrainingRepository.setSource(connection, job, epoch, event.getSequence());
            effects.apply(connection, row);
            return null;
        });
    }

    /** Ends a job whose run has ended if the event's own effects cannot be stored. */
    private static void reject(Connection connection, TrainingRow job, RunEvent event) throws SQLException {
        JobState reported = event.hasStateChanged()
                ? JobStates.of(event.getStateChanged().getState())
                : JobState.JOB_STATE_UNSPECIFIED;
        if (JobStates.isTerminal(reported) && JobStateMachine.isLegal(job.state(), JobState.JOB_STATE_FAILED)) {
            JobEvents.transition(
                    connection,
                    job,
                    JobState.JOB_STATE_FAILED,
                    "the run has ended, but event " + event.getSequence()
                            + " of it cannot be stored; its text contains a character that the database does not accept");
        }
    }

    /** Sets the job's state to the run's after the trainer rejected a command; the state's message is the reason. */
    void reconcile(String job, RunStateChanged state) {
        Outcome outcome = state.getState() == RunState.RUN_STATE_SUCCEEDED ? check(job) : null;
        database.write(connection -> {
            Optional<TrainingRow> row = TrainingRepository.lock(connection, job);
            if (row.isPresent()) {
                changeState(connection, row.get(), state, outcome);
            }
            return null;
        });
        changes.announce();
    }

    private static void apply(Connection connection, TrainingRow job, RunEvent event, Outcome outcome)
            throws SQLException {
        switch (event.getEventCase()) {
            case STATE_CHANGED -> changeState(connection, job, event.getStateChanged(), outcome);
            case RESOLVED -> {
                TrainingRepository.setRunResolved(connection, job.id(), event.getResolved());
                if (event.getResolved().hasEstimate()) {
                    JobSchedules.setEstimate(
                            connection, job.id(), event.getResolved().getEstimate());
                }
            }
            case PROGRESS -> {
                TrainingRepository.setProgress(connection, job.id(), event.getProgress());
                JobSchedules.report(connection, job.id(), job.schedule(), event.getProgress(), JobEvents.time(event));
            }
            case CHECKPOINT -> {
                JobCheckpoints.store(connection, job.id(), event.getCheckpoint(), kept(job));
                JobSchedules.setCheckpoint(connection, job.id(), JobEvents.time(event));
            }
            case EXPORT -> {
                if (event.getExport().getEtaSeconds() > 0) {
                    JobSchedules.setRemaining(
                            connection, job.id(), event.getExport().getEtaSeconds(), JobEvents.time(event));
                }
            }
            case EVALUATION -> TrainingRepository.setEvaluation(connection, job.id(), event.getEvaluation());
            case ARTIFACTS -> TrainingRepository.setArtifacts(connection, job.id(), event.getArtifacts());
            case MESSAGE, SAMPLE, USAGE, EVENT_NOT_SET -> {
                // Stored as an event only.
            }
        }
    }

    private static int kept(TrainingRow job) {
        return job.runResolved()
                .map(resolved -> resolved.getHyperparameters().getCheckpointsKept())
                .orElse(1);
    }

    private static void changeState(Connection connection, TrainingRow job, RunStateChanged changed, Outcome outcome)
            throws SQLException {
        JobState reported = JobStates.of(changed.getState());
        if (!JobStateMachine.isLegal(job.state(), reported)) {
            LOG.warnf("%s is %s; ignoring the trainer's report %s", job.name(), job.state(), changed.getState());
            return;
        }
        switch (outcome) {
            case null -> follow(connection, job, reported, withoutNul(changed.getMessage()));
            case Outcome.Rejected(String reason) ->
                JobEvents.transition(connection, job, JobState.JOB_STATE_FAILED, reason);
            case Outcome.Verified(List<Artifact> artifacts) -> {
                // The version of a succeeded job may have been deleted.
                if (job.version().isPresent() || job.state() == JobState.JOB_STATE_SUCCEEDED) {
                    return;
                }
                String model = ResourceName.parse(
                                ResourceName.MODELS, job.spec().getOutputModel())
                        .id();
                VersionName version = Models.insert(connection, model, Registration.version(job, artifacts));
                TrainingRepository.setVersion(connection, job.id(), version);
                JobCheckpoints.retainNewest(connection, job.id());
                JobEvents.transition(connection, job, JobState.JOB_STATE_SUCCEEDED, "registered " + version);
            }
        }
    }

    /** Sets the state of the run; a preempted run that has stopped waits for devices again. */
    private static void follow(Connection connection, TrainingRow job, JobState reported, String message)
            throws SQLException {
        Optional<Stop> stop = job.schedule().stop();
        if (reported == JobState.JOB_STATE_PAUSED && stop.isPresent()) {
            switch (stop.get().reason()) {
                case PREEMPTED -> {
                    if (job.desired() == DesiredState.RUNNING) {
                        JobSchedules.await(connection, job.id(), Waiting.RESUME, true);
                        JobEvents.transition(
                                connection,
                                job,
                                JobState.JOB_STATE_QUEUED,
                                stop.get().message());
                        return;
                    }
                    JobSchedules.clear(connection, job.id());
                    JobEvents.transition(connection, job, reported, message);
                }
                case LIMIT -> {
                    JobSchedules.clear(connection, job.id());
                    JobEvents.transition(connection, job, reported, stop.get().message());
                }
            }
            return;
        }
        boolean stopped = reported == JobState.JOB_STATE_PAUSED || reported == JobState.JOB_STATE_NEEDS_RECOVERY;
        if (stopped && job.schedule().waiting().isEmpty()) {
            JobSchedules.clear(connection, job.id());
        }
        JobEvents.transition(connection, job, reported, message);
    }

    /** Replaces U+0000, which PostgreSQL does not accept in a text, such as in the last line of a worker's output. */
    private static String withoutNul(String text) {
        return text.replace('\0', '\uFFFD');
    }

    /**
     * Verifies the artifacts of a succeeded run.
     *
     * @throws StatusRuntimeException UNAVAILABLE if the store cannot be read now; the event is then read again later
     */
    private Outcome check(String job) {
        List<Artifact> artifacts = database.read(connection -> TrainingRepository.find(connection, job))
                .flatMap(TrainingRow::artifacts)
                .map(RunArtifacts::getArtifactsList)
                .orElse(List.of());
        try {
            return new Outcome.Verified(artifactCheck.verified(artifacts, "artifacts"));
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.UNAVAILABLE) {
                throw e;
            }
            return new Outcome.Rejected("the run succeeded, but its artifacts cannot be registered: "
                    + e.getStatus().getDescription());
        }
    }
}
