package io.rootstock.registry.job;

import io.grpc.StatusRuntimeException;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.DatabaseException;
import io.rootstock.registry.database.Leadership;
import io.rootstock.registry.loop.FailureLog;
import io.rootstock.registry.watch.Backoff;
import io.rootstock.registry.watch.Changes;
import io.rootstock.trainer.v1.Run;
import io.rootstock.trainer.v1.RunStateChanged;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Follows one run until its job is terminal, or this registry no longer leads: reads the trainer's log from the newest stored event, and reconnects after
 * every failure of the trainer, the database or the connection.
 */
final class Follower implements Runnable {
    private static final Logger LOG = Logger.getLogger(Follower.class);

    private final Database database;
    private final Leadership leadership;
    private final Peers peers;
    private final JobJournal journal;
    private final Changes changes;
    private final String job;
    private final FailureLog failures;
    private final ContactLoss contact;
    private final Backoff backoff = new Backoff();
    /** Whether the trainer may have failed to answer since it last answered, or before this registry led. */
    private boolean contactUnknown = true;

    Follower(Database database, Leadership leadership, Peers peers, JobJournal journal, Changes changes, String job) {
        this.database = database;
        this.leadership = leadership;
        this.peers = peers;
        this.journal = journal;
        this.changes = changes;
        this.job = job;
        this.failures = new FailureLog(LOG, "jobs/" + job + " cannot be followed");
        this.contact = new ContactLoss(database, changes, job, peers.lostAfter());
    }

    @Override
    public void run() {
        try {
            long seen = changes.count();
            while (leadership.held() && follow() && changes.await(seen, backoff.next())) {
                seen = changes.count();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads events until the stream ends; returns false once the job is terminal. */
    private boolean follow() {
        try {
            Optional<TrainingRow> started = database.read(connection ->
                    startIsAnswered(connection) ? TrainingRepository.find(connection, job) : Optional.empty());
            if (started.isEmpty()) {
                // The START is not answered yet, or the job was deleted.
                return database.<Boolean>read(
                        connection -> TrainingRepository.find(connection, job).isPresent());
            }
            if (JobStates.isTerminal(started.get().state())) {
                return false;
            }
            TrainingRow row = contactUnknown ? answered(started.get()) : started.get();
            if (row.state() == JobState.JOB_STATE_NEEDS_RECOVERY) {
                adoptFoundRun(row);
            }
            peers.watch(job, row.sourceSequence(), event -> {
                journal.store(job, row.sourceEpoch(), event);
                failures.succeeded();
                backoff.reset();
            });
            return !ended();
        } catch (StatusRuntimeException e) {
            record(e);
            if (Peers.isLost(e)) {
                missing(Decisions::restartLost);
            } else if (Peers.isNotFound(e)) {
                missing(Decisions::markUnknown);
            } else if (!Thread.currentThread().isInterrupted()) {
                LOG.debugf("jobs/%s: the stream of the trainer's log failed: %s", job, Peers.reason(e));
            }
            return true;
        } catch (DatabaseException e) {
            failures.failed(e);
            return true;
        } catch (JobJournal.GapException e) {
            LOG.warn(e.getMessage());
            return true;
        } catch (RuntimeException e) {
            if (!Thread.currentThread().isInterrupted()) {
                LOG.errorf(e, "jobs/%s cannot be followed; retrying", job);
            }
            return true;
        }
    }

    /** Asks the trainer for the run, because a watch may have no event for a long time; returns the job after the answer. */
    private TrainingRow answered(TrainingRow before) {
        Run _ = peers.run(job);
        contact.answered();
        contactUnknown = false;
        return database.read(connection -> TrainingRepository.find(connection, job))
                .orElse(before);
    }

    /** Records whether a trainer that failed a call has answered it. */
    private void record(StatusRuntimeException failure) {
        contactUnknown = true;
        if (Thread.currentThread().isInterrupted()) {
            // The registry stops.
            return;
        }
        try {
            if (Peers.isUnavailable(failure)) {
                contact.failed(failure);
            } else {
                contact.answered();
            }
        } catch (DatabaseException e) {
            failures.failed(e);
        }
    }

    /** Returns true if no START is pending: until a restart is answered, the trainer has no log of the new epoch. */
    private boolean startIsAnswered(Connection connection) throws SQLException {
        return !Outbox.pending(connection, job).contains(Outbox.Command.START);
    }

    /**
     * Returns true if the job is terminal after its stream ended. If the run is terminal but the job is not, although
     * all events of the log are stored, the trainer's machine has lost the end of its log and rewritten it with
     * sequence numbers that are stored already: the log is then read again from its beginning.
     */
    private boolean ended() {
        Optional<TrainingRow> found = database.read(connection -> {
            Optional<TrainingRow> row = TrainingRepository.find(connection, job);
            // After a command the run may have a new end; its RESUME may wait for devices.
            return Outbox.pending(connection, job).isEmpty()
                    ? row.filter(known -> known.schedule().waiting().isEmpty())
                    : Optional.empty();
        });
        if (found.isEmpty()) {
            return false;
        }
        TrainingRow row = found.get();
        if (JobStates.isTerminal(row.state())) {
            return true;
        }
        Run run = peers.run(job);
        if (JobStates.isTerminal(JobStates.of(run.getState())) && run.getLastSequence() <= row.sourceSequence()) {
            LOG.warnf("%s: the trainer's log is shorter than what is stored; reading it again", row.name());
            database.write(connection -> {
                Optional<TrainingRow> locked = TrainingRepository.lock(connection, job);
                if (locked.isPresent()
                        && locked.get().job().revision() == row.job().revision()) {
                    TrainingRepository.setSource(connection, job, locked.get().sourceEpoch() + 1, 0);
                }
                return null;
            });
        }
        return false;
    }

    /** Sets an active run's state if the trainer knows the run again, whose earlier events are stored already. */
    private void adoptFoundRun(TrainingRow row) {
        Run run = peers.run(job);
        JobState state = JobStates.of(run.getState());
        boolean isRead = run.getLastSequence() <= row.sourceSequence();
        if (isRead && state != row.state() && !JobStates.isTerminal(state)) {
            journal.reconcile(
                    job,
                    RunStateChanged.newBuilder()
                            .setState(run.getState())
                            .setMessage("the trainer has the run again")
                            .build());
        }
    }

    /** Changes the job, unless a command is pending or waits for devices, whose answer decides. */
    private void missing(Decisions.MissingRun change) {
        boolean changed = database.write(connection -> {
            Optional<TrainingRow> row = TrainingRepository.lock(connection, job);
            return row.isPresent()
                    && Outbox.pending(connection, job).isEmpty()
                    && row.get().schedule().waiting().isEmpty()
                    && change.decide(connection, row.get());
        });
        if (changed) {
            changes.announce();
        }
    }
}
