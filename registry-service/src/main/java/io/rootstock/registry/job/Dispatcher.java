package io.rootstock.registry.job;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.v1.JobState;
import io.rootstock.registry.watch.Changes;
import io.rootstock.trainer.v1.Run;
import io.rootstock.trainer.v1.RunState;
import io.rootstock.trainer.v1.RunStateChanged;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Sends the outbox's commands to the trainer, each job's in their order. A command is deleted only after the trainer
 * answered, so a registry killed in between sends it again; every command may come twice.
 */
final class Dispatcher {
    private static final Logger LOG = Logger.getLogger(Dispatcher.class);

    private final Database database;
    private final Peers peers;
    private final JobJournal journal;
    private final Changes changes;

    Dispatcher(Database database, Peers peers, JobJournal journal, Changes changes) {
        this.database = database;
        this.peers = peers;
        this.journal = journal;
        this.changes = changes;
    }

    /** How sending a command went. */
    private enum Sent {
        ANSWERED,
        /** Not taken now, while other commands may be. */
        LATER,
        /** The trainer is away: nothing can be sent. */
        AWAY
    }

    /** Sends what is due until nothing is; false where something must be sent again. */
    boolean round() {
        boolean complete = true;
        List<Outbox.Entry> due = database.read(Outbox::due);
        while (complete && !due.isEmpty()) {
            for (Outbox.Entry entry : due) {
                Sent sent = send(entry);
                if (sent == Sent.AWAY) {
                    return false;
                }
                complete &= sent == Sent.ANSWERED;
            }
            due = database.read(Outbox::due);
        }
        return complete;
    }

    private Sent send(Outbox.Entry entry) {
        JobRow job = database.read(connection -> JobRepository.find(connection, entry.job()))
                .orElseThrow();
        try {
            Run run = switch (entry.command()) {
                case START -> peers.start(job.id(), job.runSpec().orElseThrow());
                case CANCEL -> peers.cancel(job.id());
                case PAUSE -> peers.pause(job.id());
                case RESUME -> peers.resume(job.id(), entry.ranks());
            };
            LOG.infof("%s of %s: the trainer says %s", entry.command(), job.name(), run.getState());
            answered(entry);
            return Sent.ANSWERED;
        } catch (StatusRuntimeException e) {
            if (Peers.isPassing(e)) {
                LOG.warnf("%s of %s waits for the trainer: %s", entry.command(), job.name(), Peers.reason(e));
                return Peers.isAway(e) ? Sent.AWAY : Sent.LATER;
            }
            if (entry.command() == Outbox.Command.RESUME && isStopping(job, e)) {
                return Sent.LATER;
            }
            refused(entry, job, e);
            return Sent.ANSWERED;
        }
    }

    /**
     * A run cannot be resumed before the pause or cancellation it was asked for has taken place. By the time it is
     * looked at it may have: only a run that has succeeded can never be resumed.
     */
    private boolean isStopping(JobRow job, StatusRuntimeException refusal) {
        return refusal.getStatus().getCode() == Status.Code.FAILED_PRECONDITION
                && peers.run(job.id()).getState() != RunState.RUN_STATE_SUCCEEDED;
    }

    private void answered(Outbox.Entry entry) {
        database.write(connection -> {
            Outbox.delete(connection, entry.id());
            return null;
        });
        changes.announce();
    }

    private void refused(Outbox.Entry entry, JobRow job, StatusRuntimeException refusal) {
        LOG.warnf("%s of %s was refused: %s", entry.command(), job.name(), Peers.reason(refusal));
        boolean unknown = Peers.isNotFound(refusal);
        switch (entry.command()) {
            case START -> fail(job, "the trainer refused the run: " + Peers.reason(refusal));
            case CANCEL -> {
                if (unknown) {
                    end(job, JobState.JOB_STATE_CANCELLED, "cancelled by request; the trainer has no such run");
                } else {
                    adopt(entry, job, refusal);
                }
            }
            case PAUSE -> adopt(entry, job, refusal);
            case RESUME -> {
                if (unknown) {
                    startAnew(entry, job);
                } else {
                    adopt(entry, job, refusal);
                }
            }
        }
    }

    private void fail(JobRow job, String reason) {
        end(job, JobState.JOB_STATE_FAILED, reason);
    }

    private void end(JobRow job, JobState state, String reason) {
        database.write(connection -> {
            Outbox.deleteAll(connection, job.id());
            JobEvents.transition(
                    connection, JobRepository.lock(connection, job.id()).orElseThrow(), state, reason);
            return null;
        });
        changes.announce();
    }

    /** The trainer will not do it. A run that has succeeded cannot be resumed, but may be registered at last. */
    private void adopt(Outbox.Entry entry, JobRow job, StatusRuntimeException refusal) {
        if (entry.command() == Outbox.Command.RESUME) {
            Run run = peers.run(job.id());
            journal.reconcile(
                    job.id(),
                    RunStateChanged.newBuilder()
                            .setState(run.getState())
                            .setMessage("not resumed: " + Peers.reason(refusal))
                            .build());
        }
        answered(entry);
    }

    private void startAnew(Outbox.Entry entry, JobRow job) {
        database.write(connection -> {
            Outbox.delete(connection, entry.id());
            restartLog(connection, job);
            return null;
        });
        changes.announce();
    }

    /** The trainer has no such run (any more): it is started again and its log is followed from its beginning. */
    static void restartLog(Connection connection, JobRow job) throws SQLException {
        JobRepository.setSource(connection, job.id(), job.sourceEpoch() + 1, 0);
        Outbox.put(connection, job.id(), Outbox.Command.START);
    }
}
