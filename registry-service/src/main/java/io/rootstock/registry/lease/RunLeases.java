package io.rootstock.registry.lease;

import io.grpc.StatusRuntimeException;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.v1.AcquireRunLeaseRequest;
import io.rootstock.registry.v1.AcquireRunLeaseResponse;
import io.rootstock.registry.v1.ReleaseRunLeaseRequest;
import io.rootstock.registry.v1.RenewRunLeaseRequest;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Rows of {@code run_lease}.
 *
 * <p>Invariants: the lease number of a run only increases, by one with each acquisition; only the holder of the last number
 * renews or releases it. Expiry is decided by the database's clock. An expired lease that was not acquired again can be
 * renewed by its holder: an outage of the registry ends no worker unless another one has acquired the lease since.
 */
@ApplicationScoped
public class RunLeases {
    private static final String JOBS = "jobs";
    private static final int MAX_HOLDER_LENGTH = 255;
    private static final String ENDED = "job.state in ('SUCCEEDED', 'FAILED', 'CANCELLED')";
    private static final String EXPIRY = "clock_timestamp() + ?::bigint * interval '1 ms'";

    private final Database database;
    private final LeaseTerm term;

    /** Creates the operations. */
    @Inject
    public RunLeases(Database database, LeaseTerm term) {
        this.database = database;
        this.term = term;
    }

    /**
     * A row.
     *
     * @param remainingMillis 0 for a lease that has expired or was released
     * @param ended whether the job has ended: a worker that still trains is one that the trainer does not know any more
     */
    private record Row(long lease, String holder, boolean released, long remainingMillis, boolean ended) {}

    /**
     * Acquires the lease of a run for a worker unless another worker holds it.
     *
     * @throws StatusRuntimeException NOT_FOUND without the job, FAILED_PRECONDITION if it has ended
     */
    public AcquireRunLeaseResponse acquire(AcquireRunLeaseRequest request) {
        String job = RequestNames.id(JOBS, request.getJob(), "job");
        String holder = request.getHolder();
        if (holder.isBlank() || holder.length() > MAX_HOLDER_LENGTH) {
            throw Errors.invalidArgument(
                    "holder", "must have 1 to " + MAX_HOLDER_LENGTH + " characters, has " + holder.length());
        }
        return database.write(connection -> {
            requireActive(connection, job);
            Optional<Row> found = lock(connection, job);
            if (found.isPresent() && found.get().remainingMillis() > 0) {
                Row row = found.get();
                if (!row.holder().equals(holder)) {
                    return AcquireRunLeaseResponse.newBuilder()
                            .setMilliseconds(row.remainingMillis())
                            .setHolder(row.holder())
                            .build();
                }
                extend(connection, job);
                return acquired(row.lease(), holder);
            }
            long lease = Sql.of(connection, """
                            insert into run_lease (job, lease, holder, expire_time) values (?, 1, ?, %s)
                            on conflict (job) do update set lease = run_lease.lease + 1, holder = excluded.holder,
                                expire_time = excluded.expire_time
                            returning lease
                            """.formatted(EXPIRY), job, holder, millis())
                    .one(row -> row.getLong(1));
            return acquired(lease, holder);
        });
    }

    /**
     * Renews a lease; returns the time in milliseconds until it expires.
     *
     * @throws StatusRuntimeException ABORTED if the lease or the job has ended
     */
    public long renew(RenewRunLeaseRequest request) {
        String job = RequestNames.id(JOBS, request.getJob(), "job");
        database.write(connection -> {
            Row row = lock(connection, job)
                    .orElseThrow(() -> Errors.aborted("LEASE_LOST", "jobs/" + job + " has no lease; acquire one"));
            if (row.lease() != request.getLease() || row.released()) {
                throw Errors.aborted(
                        "LEASE_LOST",
                        "lease " + request.getLease() + " of jobs/" + job + " has ended; the last one is " + row.lease()
                                + " of " + row.holder());
            }
            if (row.ended()) {
                throw Errors.aborted("LEASE_LOST", "jobs/" + job + " has ended");
            }
            extend(connection, job);
            return null;
        });
        return millis();
    }

    /** Ends a lease; without effect if it has ended. */
    public void release(ReleaseRunLeaseRequest request) {
        String job = RequestNames.id(JOBS, request.getJob(), "job");
        database.write(connection -> Sql.of(
                        connection,
                        "update run_lease set expire_time = null where job = ? and lease = ?",
                        job,
                        request.getLease())
                .update());
    }

    /**
     * Gives every lease that was not released a whole term. Called when a registry begins to lead: during an outage of the
     * registry no worker could renew, and a waiting worker must not acquire a lease before its holder can renew it.
     */
    public void extendAll() {
        database.write(connection -> Sql.of(
                        connection,
                        "update run_lease set expire_time = greatest(expire_time, %s) where expire_time is not null"
                                .formatted(EXPIRY),
                        millis())
                .update());
    }

    /** Returns the number of a job's last lease; 0 if it never had one. */
    public static long last(Connection connection, String job) throws SQLException {
        return Sql.of(connection, "select lease from run_lease where job = ?", job)
                .first(row -> row.getLong(1))
                .orElse(0L);
    }

    private AcquireRunLeaseResponse acquired(long lease, String holder) {
        return AcquireRunLeaseResponse.newBuilder()
                .setLease(lease)
                .setMilliseconds(millis())
                .setHolder(holder)
                .build();
    }

    private void extend(Connection connection, String job) throws SQLException {
        Sql.of(connection, "update run_lease set expire_time = " + EXPIRY + " where job = ?", millis(), job)
                .update();
    }

    private long millis() {
        return term.duration().toMillis();
    }

    /** Two workers that acquire the first lease of a run at once wait for each other on the job's row. */
    private static void requireActive(Connection connection, String job) throws SQLException {
        boolean ended = Sql.of(connection, "select " + ENDED + " from job where id = ? for no key update", job)
                .first(row -> row.getBoolean(1))
                .orElseThrow(() -> Errors.notFound("jobs/" + job, "list the jobs with `rootstock jobs list`"));
        if (ended) {
            throw Errors.failedPrecondition("WRONG_STATE", "jobs/" + job + " has ended; resume it first");
        }
    }

    private static Optional<Row> lock(Connection connection, String job) throws SQLException {
        return Sql.of(connection, """
                        select lease, holder, expire_time is null as released,
                            greatest(0, coalesce(ceil(1000 * extract(epoch from expire_time - clock_timestamp())), 0))::bigint
                                as remaining,
                            %s as ended
                        from run_lease join job on job.id = run_lease.job where run_lease.job = ? for update of run_lease
                        """.formatted(ENDED), job).first(RunLeases::row);
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getLong("lease"),
                row.getString("holder"),
                row.getBoolean("released"),
                row.getLong("remaining"),
                row.getBoolean("ended"));
    }
}
