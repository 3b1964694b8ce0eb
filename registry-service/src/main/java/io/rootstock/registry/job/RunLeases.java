package io.rootstock.registry.job;

import io.grpc.StatusRuntimeException;
import io.rootstock.job.v1.JobKind;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.lease.Leases;
import io.rootstock.registry.v1.AcquireRunLeaseRequest;
import io.rootstock.registry.v1.AcquireRunLeaseResponse;
import io.rootstock.registry.v1.ReleaseRunLeaseRequest;
import io.rootstock.registry.v1.RenewRunLeaseRequest;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/** Leases of runs whose workers are apart from the trainer: at most one worker trains a run. */
@ApplicationScoped
public class RunLeases {
    private static final int MAX_HOLDER_LENGTH = 255;

    private final Database database;
    private final Leases leases;

    /** Creates the operations. */
    @Inject
    public RunLeases(Database database, Leases leases) {
        this.database = database;
        this.leases = leases;
    }

    /**
     * Acquires the lease of a run for a worker unless another worker holds it.
     *
     * @throws StatusRuntimeException NOT_FOUND without the job, FAILED_PRECONDITION if it has ended
     */
    public AcquireRunLeaseResponse acquire(AcquireRunLeaseRequest request) {
        String id = id(request.getJob());
        String holder = request.getHolder();
        if (holder.isBlank() || holder.length() > MAX_HOLDER_LENGTH) {
            throw Errors.invalidArgument(
                    "holder", "must have 1 to " + MAX_HOLDER_LENGTH + " characters, has " + holder.length());
        }
        return database.write(connection -> {
            JobRow job = JobRepository.lock(connection, id)
                    .filter(found -> found.kind() != JobKind.JOB_KIND_EVALUATE)
                    .orElseThrow(() -> Jobs.noJob(id));
            if (JobStates.isTerminal(job.state())) {
                throw Errors.failedPrecondition("WRONG_STATE", job.name() + " has ended; resume it first");
            }
            Leases.Lease last = Leases.last(connection, id).orElseThrow();
            if (last.remainingMillis() == 0) {
                return acquired(leases.take(connection, id, holder), holder);
            }
            if (last.holder().equals(holder)) {
                leases.renew(connection, id);
                return acquired(last.number(), holder);
            }
            return AcquireRunLeaseResponse.newBuilder()
                    .setMilliseconds(last.remainingMillis())
                    .setHolder(last.holder())
                    .build();
        });
    }

    /**
     * Renews a lease; returns the time in milliseconds until it expires.
     *
     * @throws StatusRuntimeException ABORTED if the lease or the job has ended
     */
    public long renew(RenewRunLeaseRequest request) {
        String id = id(request.getJob());
        database.write(connection -> {
            Optional<JobRow> job = JobRepository.lock(connection, id);
            if (!Leases.require(connection, id, request.getLease()).open()) {
                throw Errors.aborted("LEASE_LOST", "lease " + request.getLease() + " of jobs/" + id + " was released");
            }
            if (JobStates.isTerminal(job.orElseThrow().state())) {
                throw Errors.aborted("LEASE_LOST", "jobs/" + id + " has ended");
            }
            leases.renew(connection, id);
            return null;
        });
        return leases.millis();
    }

    /** Ends a lease; without effect if it has ended. */
    public void release(ReleaseRunLeaseRequest request) {
        String id = id(request.getJob());
        database.write(connection -> {
            Optional<JobRow> _ = JobRepository.lock(connection, id);
            if (Leases.last(connection, id)
                    .filter(last -> last.number() == request.getLease())
                    .isPresent()) {
                Leases.release(connection, id);
            }
            return null;
        });
    }

    private AcquireRunLeaseResponse acquired(long lease, String holder) {
        return AcquireRunLeaseResponse.newBuilder()
                .setLease(lease)
                .setMilliseconds(leases.millis())
                .setHolder(holder)
                .build();
    }

    private static String id(String name) {
        return RequestNames.id("jobs", name, "job");
    }
}
