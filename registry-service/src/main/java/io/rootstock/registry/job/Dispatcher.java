package io.rootstock.registry.job;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.checkpoint.JobCheckpoints;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.Leadership;
import io.rootstock.registry.lease.Leases;
import io.rootstock.registry.watch.Changes;
import io.rootstock.trainer.v1.Run;
import io.rootstock.trainer.v1.RunCheckpoint;
import io.rootstock.trainer.v1.RunState;
import io.rootstock.trainer.v1.RunStateChanged;
import io.rootstock.trainer.v1.StartRunRequest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Sends the outbox's commands to the trainer, in order within each job. A command is deleted only after the trainer has
 * answered, so a registry that is killed in between sends it again: delivery is at least once.
 */
final class Dispatcher {
    private static final Logger LOG = Logger.getLogger(Dispatcher.class);

    private final Database database;
    private final Leadership leadership;
    private final Peers peers;
    private final JobJournal journal;
    private final Changes changes;

    Dispatcher(Database database, Leadership leadership, Peers peers, JobJournal journal, Changes changes) {
        this.database = database;
        this.leadership = leadership;
        this.peers = peers;
        this.journal = journal;
        this.changes = changes;
    }

    /** Result of sending one command. */
    private enum Delivery {
        ANSWERED,
        /** The trainer cannot accept this command now; it may accept other commands. */
        RETRY_LATER,
        /** The trainer is unavailable for all commands. */
        UNAVAILABLE
    }

    /** Sends due commands until none is due; returns false if a command must be sent later. */
    boolean round() {
        List<Outbox.Entry> due = database.read(Outbox::due);
        while (!due.isEmpty()) {
            for (Outbox.Entry entry : due) {
                if (!leadership.held()) {
                    return true;
                }
                Delivery delivery = send(entry);
                if (delivery == Delivery.UNAVAILABLE) {
                    return false;
                }
                if (delivery == Delivery.RETRY_LATER) {
                    postpone(entry);
                }
            }
            due = database.read(Outbox::due);
        }
        return database.read(Outbox::isEmpty);
    }

    private void postpone(Outbox.Entry entry) {
        database.write(connection -> {
            Outbox.postpone(connection, entry);
            return null;
        });
    }

    private Delivery send(Outbox.Entry entry) {
        if (entry.command() == Outbox.Command.DELETE) {
            return deleteRun(entry);
        }
        Optional<TrainingRow> found = database.read(connection -> TrainingRepository.find(connection, entry.job()));
        if (found.isEmpty()) {
            answered(entry);
            return Delivery.ANSWERED;
        }
        TrainingRow job = found.get();
        try {
            Run run = switch (entry.command()) {
                case START -> peers.start(database.read(connection -> start(connection, job)));
                case CANCEL -> peers.cancel(job.id(), entry.id());
                case PAUSE -> peers.pause(job.id(), entry.id());
                case RESUME ->
                    peers.resume(job.id(), entry.id(), entry.resumption().ranks());
                case DELETE -> throw new IllegalStateException("sent without a job");
            };
            LOG.infof("%s of %s: the trainer reports %s", entry.command(), job.name(), run.getState());
            answered(entry);
            return Delivery.ANSWERED;
        } catch (StatusRuntimeException e) {
            if (Peers.isTransient(e)) {
                LOG.warnf("%s of %s waits for the trainer: %s", entry.command(), job.name(), Peers.reason(e));
                return Peers.isUnavailable(e) ? Delivery.UNAVAILABLE : Delivery.RETRY_LATER;
            }
            if (entry.command() == Outbox.Command.RESUME && isStopping(job, e)) {
                return Delivery.RETRY_LATER;
            }
            rejected(entry, job, e);
            return Delivery.ANSWERED;
        }
    }

    /** Returns the request that starts a run, with its checkpoints if the trainer has lost it. */
    private static StartRunRequest start(Connection connection, TrainingRow job) throws SQLException {
        StartRunRequest.Builder request = StartRunRequest.newBuilder()
                .setRunId(job.id())
                .setSpec(job.runSpec().orElseThrow())
                .setLease(Leases.last(connection, job.id()).orElseThrow().number());
        if (job.runResolved().isPresent()) {
            List<RunCheckpoint> checkpoints = JobCheckpoints.of(connection, job.id());
            if (!checkpoints.isEmpty()) {
                request.setResolved(job.runResolved().get()).addAllCheckpoints(checkpoints);
            }
        }
        return request.build();
    }

    /** Deletes a run; one that has not ended is cancelled first. */
    private Delivery deleteRun(Outbox.Entry entry) {
        try {
            peers.delete(entry.job());
        } catch (StatusRuntimeException e) {
            if (Peers.isUnavailable(e)) {
                return Delivery.UNAVAILABLE;
            }
            if (e.getStatus().getCode() == Status.Code.FAILED_PRECONDITION) {
                peers.cancel(entry.job(), entry.id());
            }
            if (!Peers.isNotFound(e)) {
                LOG.warnf("DELETE of jobs/%s waits for the trainer: %s", entry.job(), Peers.reason(e));
                return Delivery.RETRY_LATER;
            }
        }
        answered(entry);
        return Delivery.ANSWERED;
    }

    /**
     * Returns true if a rejected RESUME should be retried. The trainer rejects it until a requested pause or
     * cancellation is complete, which may happen before this check reads the run's state. Only a succeeded run never
     * resumes.
     */
    private boolean isStopping(TrainingRow job, StatusRuntimeException rejection) {
        return rejection.getStatus().getCode() == Status.Code.FAILED_PRECONDITION
                && peers.run(job.id()).getState() != RunState.RUN_STATE_SUCCEEDED;
    }

    private void answered(Outbox.Entry entry) {
        database.write(connection -> {
            Outbox.delete(connection, entry.id());
            return null;
        });
        changes.announce();
    }

    private void rejected(Outbox.Entry entry, TrainingRow job, StatusRuntimeException rejection) {
        LOG.warnf("%s of %s was rejected: %s", entry.command(), job.name(), Peers.reason(rejection));
        boolean lost = Peers.isLost(rejection);
        boolean unknown = Peers.isNotFound(rejection);
        switch (entry.command()) {
            case START -> fail(job, "the trainer rejected the run: " + Peers.reason(rejection));
            case CANCEL -> {
                if (lost || unknown) {
                    end(job, JobState.JOB_STATE_CANCELLED, "cancelled by request; the trainer has no such run");
                } else {
                    adopt(entry, job, rejection);
                }
            }
            case PAUSE -> adopt(entry, job, rejection);
            case RESUME -> {
                if (lost || (unknown && entry.resumption().restart())) {
                    replace(entry, job, Decisions::restartLost);
                } else if (unknown) {
                    replace(entry, job, Decisions::markUnknown);
                } else {
                    adopt(entry, job, rejection);
                }
            }
            case DELETE -> throw new IllegalStateException("sent without a job");
        }
    }

    private void fail(TrainingRow job, String reason) {
        end(job, JobState.JOB_STATE_FAILED, reason);
    }

    private void end(TrainingRow job, JobState state, String reason) {
        database.write(connection -> {
            TrainingRow locked = TrainingRepository.lock(connection, job.id()).orElse(null);
            if (locked == null) {
                return null;
            }
            Outbox.deleteAll(connection, job.id());
            if (JobStateMachine.isLegal(locked.state(), state)) {
                JobEvents.transition(connection, locked, state, reason);
            }
            return null;
        });
        changes.announce();
    }

    /** Drops a rejected command; a rejected RESUME sets the job to the run's state, and registers a succeeded run. */
    private void adopt(Outbox.Entry entry, TrainingRow job, StatusRuntimeException rejection) {
        if (entry.command() == Outbox.Command.RESUME) {
            Run run = peers.run(job.id());
            journal.reconcile(
                    job.id(),
                    RunStateChanged.newBuilder()
                            .setState(run.getState())
                            .setMessage("not resumed: " + Peers.reason(rejection))
                            .build());
        }
        answered(entry);
    }

    /** Drops a command for a run that the trainer does not have, and changes the job instead. */
    private void replace(Outbox.Entry entry, TrainingRow job, Decisions.MissingRun change) {
        database.write(connection -> {
            Outbox.delete(connection, entry.id());
            Optional<TrainingRow> locked = TrainingRepository.lock(connection, job.id());
            return locked.isPresent() && change.decide(connection, locked.get());
        });
        changes.announce();
    }
}
