package io.rootstock.registry.checkpoint;

import io.rootstock.registry.database.Sql;
import io.rootstock.trainer.v1.RunCheckpoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Rows of {@code job_checkpoint}: the newest checkpoints of each job, and the one with the best validation. Their digests are
 * references of the artifact store, so that the collector removes superseded checkpoints only. The writer holds the lock of the
 * job's row.
 */
public final class JobCheckpoints {
    private JobCheckpoints() {}

    /**
     * Stores a checkpoint and removes superseded ones; without effect on a checkpoint that is not in the artifact store.
     *
     * @param kept number of newest checkpoints that are kept, at least 1
     */
    public static void store(Connection connection, String job, RunCheckpoint checkpoint, int kept)
            throws SQLException {
        if (checkpoint.getDigest().isEmpty()) {
            return;
        }
        Sql.of(
                        connection,
                        """
                        insert into job_checkpoint (job, step, digest, bytes, best) values (?, ?, ?, ?, ?)
                        on conflict (job, step) do update set digest = excluded.digest, bytes = excluded.bytes,
                            best = excluded.best
                        """,
                        job,
                        checkpoint.getStep(),
                        checkpoint.getDigest(),
                        checkpoint.getBytes(),
                        checkpoint.getBest())
                .update();
        Sql.of(connection, """
                        delete from job_checkpoint where job = ?
                            and step not in (select step from job_checkpoint where job = ? order by step desc limit ?)
                            and step <> coalesce((select max(step) from job_checkpoint where job = ? and best), -1)
                        """, job, job, Math.max(1, kept), job).update();
    }

    /** Removes all checkpoints of a succeeded job except the newest one, from which another job can continue. */
    public static void retainNewest(Connection connection, String job) throws SQLException {
        Sql.of(connection, """
                        delete from job_checkpoint where job = ?
                            and step < (select max(step) from job_checkpoint where job = ?)
                        """, job, job).update();
    }

    /** Removes the checkpoints of jobs. */
    public static void delete(Connection connection, List<String> jobs) throws SQLException {
        Sql.of(connection, "delete from job_checkpoint where job = any(?)", jobs)
                .update();
    }

    /** Returns the checkpoints of a job, newest first. */
    public static List<RunCheckpoint> of(Connection connection, String job) throws SQLException {
        return Sql.of(connection, "select * from job_checkpoint where job = ? order by step desc", job)
                .list(row -> RunCheckpoint.newBuilder()
                        .setStep(row.getLong("step"))
                        .setDigest(row.getString("digest"))
                        .setBytes(row.getLong("bytes"))
                        .setBest(row.getBoolean("best"))
                        .build());
    }
}
