package io.rootstock.registry.lease;

import io.grpc.StatusRuntimeException;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.Sql;
import io.rootstock.service.Errors;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The leases of jobs: a worker has a job while it renews its lease. A caller with a connection holds the lock of the job's row.
 *
 * <p>Invariants: the lease number of a job only increases, by one with each lease; only the holder of the last number renews or
 * releases it. Expiry is decided by the database's clock. An expired lease that no other worker has taken can be renewed by its
 * holder: an outage of the registry ends no worker unless another one has taken the job since.
 */
@ApplicationScoped
public class Leases {
    private static final String EXPIRY = "clock_timestamp() + ?::bigint * interval '1 ms'";

    private final Database database;
    private final LeaseTerm term;

    /** Creates the operations. */
    @Inject
    public Leases(Database database, LeaseTerm term) {
        this.database = database;
        this.term = term;
    }

    /**
     * The last lease of a job.
     *
     * @param number from 1; 0: no worker has had one
     * @param holder name of its worker
     * @param open whether it was neither released nor revoked
     * @param remainingMillis 0 for a lease that has expired or is not open
     */
    public record Lease(long number, String holder, boolean open, long remainingMillis) {}

    /** Time in milliseconds after which a lease expires without a renewal. */
    public long millis() {
        return term.duration().toMillis();
    }

    /** Returns the last lease of a job; empty if the job does not exist. */
    public static Optional<Lease> last(Connection connection, String job) throws SQLException {
        return Sql.of(connection, """
                        select lease, lease_holder, lease_expire_time is not null as open,
                            greatest(0, coalesce(
                                ceil(1000 * extract(epoch from lease_expire_time - clock_timestamp())), 0))::bigint as remaining
                        from job where id = ?
                        """, job).first(Leases::lease);
    }

    /**
     * Returns the last lease of a job.
     *
     * @throws StatusRuntimeException ABORTED if it has another number
     */
    public static Lease require(Connection connection, String job, long number) throws SQLException {
        Lease last = last(connection, job).orElseThrow(() -> lost(number, job, "the job was deleted"));
        if (last.number() != number) {
            throw lost(number, job, "the last one is " + last.number() + " of " + last.holder());
        }
        return last;
    }

    private static StatusRuntimeException lost(long number, String job, String reason) {
        return Errors.aborted("LEASE_LOST", "lease " + number + " of jobs/" + job + " has ended; " + reason);
    }

    /** Gives a worker a new lease and returns its number. */
    public long take(Connection connection, String job, String holder) throws SQLException {
        return Sql.of(
                        connection,
                        "update job set lease = lease + 1, lease_holder = ?, lease_expire_time = " + EXPIRY
                                + " where id = ? returning lease",
                        holder,
                        millis(),
                        job)
                .one(row -> row.getLong(1));
    }

    /** Renews the last lease for a whole term. */
    public void renew(Connection connection, String job) throws SQLException {
        Sql.of(connection, "update job set lease_expire_time = " + EXPIRY + " where id = ?", millis(), job)
                .update();
    }

    /** Ends the last lease; its number stays, for reports that its worker repeats. */
    public static void release(Connection connection, String job) throws SQLException {
        Sql.of(connection, "update job set lease_expire_time = null where id = ?", job)
                .update();
    }

    /** Ends the last lease and takes a number, so that reports of its worker are refused from then on. */
    public static void revoke(Connection connection, String job) throws SQLException {
        Sql.of(connection, "update job set lease = lease + 1, lease_expire_time = null where id = ?", job)
                .update();
    }

    /**
     * Gives every open lease a whole term. Called when a registry begins to lead: during an outage of the registry no worker
     * could renew, and a waiting worker must not take a job before its holder can renew.
     */
    public void extendAll() {
        database.write(connection -> Sql.of(
                        connection,
                        "update job set lease_expire_time = greatest(lease_expire_time, " + EXPIRY
                                + ") where lease_expire_time is not null",
                        millis())
                .update());
    }

    private static Lease lease(ResultSet row) throws SQLException {
        return new Lease(
                row.getLong("lease"), row.getString("lease_holder"), row.getBoolean("open"), row.getLong("remaining"));
    }
}
