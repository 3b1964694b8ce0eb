package io.rootstock.registry.job;

import com.google.protobuf.Timestamp;
import io.grpc.StatusRuntimeException;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.registry.v1.TrainerContact;
import io.rootstock.registry.watch.Changes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Records in a job, its events and the log that the trainer does not answer the job's follower, and that it answers again.
 * Used by one thread.
 */
final class ContactLoss {
    private static final Logger LOG = Logger.getLogger(ContactLoss.class);

    private final Database database;
    private final Changes changes;
    private final String job;
    private final Duration limit;
    /** Time of the first failure since the last answer; null while the trainer answers. */
    private Instant failing;

    /**
     * Creates a record of a job.
     *
     * @param limit time without an answer after which the contact is lost
     */
    ContactLoss(Database database, Changes changes, String job, Duration limit) {
        this.database = database;
        this.changes = changes;
        this.job = job;
        this.limit = limit;
    }

    /** Called when the trainer has answered, at least once after a failure. */
    void answered() {
        failing = null;
        boolean changed = database.write(connection -> {
            Optional<TrainingRow> row = TrainingRepository.lock(connection, job);
            if (row.isEmpty() || row.get().trainerLost().isEmpty()) {
                return false;
            }
            TrainingRepository.setTrainerLost(connection, job, null);
            TrainerContact contact = TrainerContact.newBuilder()
                    .setAnswers(true)
                    .setLostTime(row.get().trainerLost().get())
                    .build();
            append(connection, contact);
            return true;
        });
        if (changed) {
            LOG.infof("jobs/%s: the trainer answers again", job);
            changes.announce(job);
        }
    }

    /** Called when the trainer could not be reached or did not answer in time. */
    void failed(StatusRuntimeException failure) {
        Instant now = Instant.now();
        if (failing == null) {
            failing = now;
        }
        if (Duration.between(failing, now).compareTo(limit) < 0) {
            return;
        }
        Instant since = failing;
        boolean changed = database.write(connection -> {
            Optional<TrainingRow> row = TrainingRepository.lock(connection, job);
            if (row.isEmpty()
                    || row.get().trainerLost().isPresent()
                    || JobStates.isTerminal(row.get().state())) {
                return false;
            }
            TrainingRepository.setTrainerLost(connection, job, since);
            TrainerContact contact = TrainerContact.newBuilder()
                    .setLostTime(Timestamp.newBuilder()
                            .setSeconds(since.getEpochSecond())
                            .setNanos(since.getNano()))
                    .setMessage("the trainer does not answer: " + Peers.reason(failure))
                    .build();
            append(connection, contact);
            return true;
        });
        if (changed) {
            LOG.warnf("jobs/%s: the trainer has not answered since %s: %s", job, since, Peers.reason(failure));
            changes.announce(job);
        }
    }

    private void append(Connection connection, TrainerContact contact) throws SQLException {
        JobEvents.append(
                connection,
                job,
                JobEvent.newBuilder().setTrainerContact(contact).build());
    }
}
