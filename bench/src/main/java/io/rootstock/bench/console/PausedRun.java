package io.rootstock.bench.console;

import com.google.protobuf.MessageLite;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunMessage;
import io.rootstock.trainer.v1.RunProgress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A paused job that receives events: they are written into the database, because a trainer would need days for as many. Its
 * watchers read them as those of a run.
 *
 * @param job the job's id
 */
record PausedRun(PGSimpleDataSource source, String job) {
    /** Of ten events, one is a message and the others are progress. */
    private static final int PERIOD = 10;

    /** Takes a job that has ended back to the paused state. */
    void pause() throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("update job set state = 'PAUSED', message = 'paused' where id = '" + job + "'");
            statement.executeUpdate(
                    "update training set desired_state = 'PAUSED', started = false where job = '" + job + "'");
        }
    }

    /** Appends events with the steps {@code first} to {@code last}, each with a point of the loss, in one transaction. */
    void append(long first, long last) throws SQLException {
        try (Connection connection = connection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement event = connection.prepareStatement("""
                            insert into job_event (job, sequence, payload, event_time)
                            select id, last_sequence + ?, ?, clock_timestamp() from job where id = ?""");
                    PreparedStatement point = connection.prepareStatement("""
                            insert into metric_point (series, step, time, value)
                            select id, ?, clock_timestamp(), ? from metric_series where job = ? and name = 'training/loss'""");
                    PreparedStatement row = connection.prepareStatement(
                            "update job set last_sequence = last_sequence + ? where id = ?");
                    PreparedStatement training =
                            connection.prepareStatement("update training set progress = ? where job = ?")) {
                for (long step = first; step <= last; step++) {
                    event.setLong(1, step - first + 1);
                    event.setBytes(2, payload(step).toByteArray());
                    event.setString(3, job);
                    event.addBatch();
                    point.setLong(1, step);
                    point.setDouble(2, loss(step));
                    point.setString(3, job);
                    point.addBatch();
                }
                event.executeBatch();
                point.executeBatch();
                row.setLong(1, last - first + 1);
                row.setString(2, job);
                row.executeUpdate();
                training.setBytes(1, progress(last).build().toByteArray());
                training.setString(2, job);
                training.executeUpdate();
            }
            connection.commit();
        }
    }

    private static MessageLite payload(long step) {
        RunEvent.Builder event = RunEvent.newBuilder().setSequence(step);
        return JobEvent.newBuilder()
                .setRunEvent(
                        step % PERIOD == 1
                                ? event.setMessage(RunMessage.newBuilder().setText("message of step " + step))
                                : event.setProgress(progress(step)))
                .build();
    }

    private static RunProgress.Builder progress(long step) {
        return RunProgress.newBuilder()
                .setStep(step)
                .setTotalSteps(100_000)
                .setTokens(1000 * step)
                .setTotalTokens(100_000_000)
                .setDone(step / 1e5)
                .setLoss(loss(step))
                .setTokensPerSecond(10_000);
    }

    private static double loss(long step) {
        return 2 + 8 / Math.sqrt((double) step + 1);
    }

    private Connection connection() throws SQLException {
        Connection connection = source.getConnection();
        connection.setSchema("registry");
        return connection;
    }
}
