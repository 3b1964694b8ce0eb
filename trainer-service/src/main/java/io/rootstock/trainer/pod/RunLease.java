package io.rootstock.trainer.pod;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.registry.v1.AcquireRunLeaseRequest;
import io.rootstock.registry.v1.AcquireRunLeaseResponse;
import io.rootstock.registry.v1.ReleaseRunLeaseRequest;
import io.rootstock.registry.v1.ReleaseRunLeaseResponse;
import io.rootstock.registry.v1.RenewRunLeaseRequest;
import io.rootstock.registry.v1.RunLeaseServiceGrpc;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The lease of the run, renewed by a thread. By this process's monotonic clock it is over before it expires at the registry:
 * the time counts from before the request, and a tenth is left for clocks of different rates.
 */
final class RunLease implements AutoCloseable {
    private static final Duration CALL_LIMIT = Duration.ofSeconds(5);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(1);
    private static final int RENEWALS = 3;

    private final ManagedChannel registry;
    private final String job;
    private final long number;
    private final long termMillis;
    private final Thread renewals;
    private volatile long validUntil;
    private volatile boolean lost;

    /** State of a lease. */
    enum State {
        /** The worker trains and reports. */
        HELD,
        /** It could not be renewed in time, and may be renewed later: the worker must not train. */
        OVER,
        /** Another worker has the run, or it was deleted: the worker ends. */
        LOST
    }

    private RunLease(ManagedChannel registry, String job, AcquireRunLeaseResponse acquired, long before) {
        this.registry = registry;
        this.job = job;
        this.number = acquired.getLease();
        this.termMillis = acquired.getMilliseconds();
        extend(before, acquired.getMilliseconds());
        renewals = Thread.ofPlatform().daemon().name("lease").start(this::run);
    }

    /**
     * Waits for the lease of a run.
     *
     * @param holder name of this agent
     * @param stop ends the waiting
     * @return empty if stopped
     * @throws StatusRuntimeException NOT_FOUND if the registry has no such job, FAILED_PRECONDITION if it has ended
     */
    static Optional<RunLease> acquire(ManagedChannel registry, String run, String holder, CountDownLatch stop)
            throws InterruptedException {
        String job = "jobs/" + run;
        AcquireRunLeaseRequest request = AcquireRunLeaseRequest.newBuilder()
                .setJob(job)
                .setHolder(holder)
                .build();
        String reported = "";
        while (true) {
            String waits;
            long pause = MAX_PAUSE.toMillis();
            try {
                long before = System.nanoTime();
                AcquireRunLeaseResponse response = calls(registry).acquireRunLease(request);
                if (response.getLease() > 0) {
                    return Optional.of(new RunLease(registry, job, response, before));
                }
                waits = response.getHolder() + " holds the lease of " + job;
                pause = Math.clamp(response.getMilliseconds(), 50, pause);
            } catch (StatusRuntimeException e) {
                Status.Code code = e.getStatus().getCode();
                if (code == Status.Code.NOT_FOUND || code == Status.Code.FAILED_PRECONDITION) {
                    throw e;
                }
                waits = "the registry does not give the lease of " + job + ": " + e.getMessage();
            }
            if (!waits.equals(reported)) {
                AgentLog.line(waits + "; waiting");
                reported = waits;
            }
            if (stop.await(pause, TimeUnit.MILLISECONDS)) {
                return Optional.empty();
            }
        }
    }

    /** Number of the lease. */
    long number() {
        return number;
    }

    State state() {
        if (lost) {
            return State.LOST;
        }
        return System.nanoTime() - validUntil < 0 ? State.HELD : State.OVER;
    }

    /** Marks the lease as lost, because the trainer refuses its reports. */
    void lose(String reason) {
        if (!lost) {
            AgentLog.line("lease " + number + " of " + job + " is lost: " + reason);
        }
        lost = true;
    }

    /** Ends the renewals and releases the lease if the registry answers; otherwise it expires. */
    @Override
    public void close() {
        renewals.interrupt();
        if (lost) {
            return;
        }
        try {
            ReleaseRunLeaseResponse _ = calls(registry)
                    .releaseRunLease(ReleaseRunLeaseRequest.newBuilder()
                            .setJob(job)
                            .setLease(number)
                            .build());
        } catch (StatusRuntimeException e) {
            AgentLog.line(
                    "lease " + number + " of " + job + " expires, because it cannot be released: " + e.getMessage());
        }
    }

    private void run() {
        RenewRunLeaseRequest request =
                RenewRunLeaseRequest.newBuilder().setJob(job).setLease(number).build();
        boolean renewed = true;
        try {
            while (!lost) {
                Thread.sleep(
                        renewed ? termMillis / RENEWALS : Math.min(MAX_PAUSE.toMillis(), termMillis / (2L * RENEWALS)));
                try {
                    long before = System.nanoTime();
                    extend(before, calls(registry).renewRunLease(request).getMilliseconds());
                    if (!renewed) {
                        AgentLog.line("lease " + number + " of " + job + " is renewed again");
                    }
                    renewed = true;
                } catch (StatusRuntimeException e) {
                    if (isLost(e)) {
                        lose(e.getMessage());
                        return;
                    }
                    if (renewed) {
                        AgentLog.line("lease " + number + " of " + job + " cannot be renewed: " + e.getMessage());
                    }
                    renewed = false;
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void extend(long before, long millis) {
        validUntil = before + TimeUnit.MILLISECONDS.toNanos(millis - millis / 10);
    }

    private static boolean isLost(StatusRuntimeException e) {
        Status.Code code = e.getStatus().getCode();
        return code == Status.Code.ABORTED || code == Status.Code.NOT_FOUND;
    }

    private static RunLeaseServiceGrpc.RunLeaseServiceBlockingStub calls(ManagedChannel registry) {
        // The channel's own backoff grows to two minutes.
        registry.resetConnectBackoff();
        return RunLeaseServiceGrpc.newBlockingStub(registry)
                .withDeadlineAfter(CALL_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }
}
