package io.rootstock.trainer.pod;

import io.grpc.stub.StreamObserver;
import io.rootstock.registry.v1.AcquireRunLeaseRequest;
import io.rootstock.registry.v1.AcquireRunLeaseResponse;
import io.rootstock.registry.v1.ReleaseRunLeaseRequest;
import io.rootstock.registry.v1.ReleaseRunLeaseResponse;
import io.rootstock.registry.v1.RenewRunLeaseRequest;
import io.rootstock.registry.v1.RenewRunLeaseResponse;
import io.rootstock.registry.v1.RunLeaseServiceGrpc;
import io.rootstock.service.Errors;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The registry's RunLeaseService from memory. */
final class TestLeases extends RunLeaseServiceGrpc.RunLeaseServiceImplBase {
    private final long termMillis;
    private final Map<String, Lease> leases = new HashMap<>();
    private boolean available = true;

    private record Lease(long number, String holder, long expiry) {
        boolean isLive() {
            return expiry != 0 && System.nanoTime() - expiry < 0;
        }
    }

    TestLeases(Duration term) {
        termMillis = term.toMillis();
    }

    /** Sets whether calls are answered; otherwise they are UNAVAILABLE. */
    synchronized void setAvailable(boolean available) {
        this.available = available;
    }

    /** Gives the lease of a run to another holder. */
    synchronized void revoke(String run) {
        Lease lease = leases.get("jobs/" + run);
        leases.put("jobs/" + run, new Lease(lease.number() + 1, "another", 0));
    }

    /** Number of a run's last lease. */
    synchronized long last(String run) {
        return leases.containsKey("jobs/" + run) ? leases.get("jobs/" + run).number() : 0;
    }

    @Override
    public void acquireRunLease(AcquireRunLeaseRequest request, StreamObserver<AcquireRunLeaseResponse> observer) {
        answer(observer, () -> {
            Lease last = leases.getOrDefault(request.getJob(), new Lease(0, "", 0));
            if (last.isLive() && !last.holder().equals(request.getHolder())) {
                return AcquireRunLeaseResponse.newBuilder()
                        .setMilliseconds(50)
                        .setHolder(last.holder())
                        .build();
            }
            long number = last.isLive() ? last.number() : last.number() + 1;
            leases.put(request.getJob(), new Lease(number, request.getHolder(), expiry()));
            return AcquireRunLeaseResponse.newBuilder()
                    .setLease(number)
                    .setMilliseconds(termMillis)
                    .setHolder(request.getHolder())
                    .build();
        });
    }

    @Override
    public void renewRunLease(RenewRunLeaseRequest request, StreamObserver<RenewRunLeaseResponse> observer) {
        answer(observer, () -> {
            Lease last = leases.get(request.getJob());
            if (last == null || last.number() != request.getLease() || last.expiry() == 0) {
                throw Errors.aborted("LEASE_LOST", "the lease has ended");
            }
            leases.put(request.getJob(), new Lease(last.number(), last.holder(), expiry()));
            return RenewRunLeaseResponse.newBuilder()
                    .setMilliseconds(termMillis)
                    .build();
        });
    }

    @Override
    public void releaseRunLease(ReleaseRunLeaseRequest request, StreamObserver<ReleaseRunLeaseResponse> observer) {
        answer(observer, () -> {
            Lease last = leases.get(request.getJob());
            if (last != null && last.number() == request.getLease()) {
                leases.put(request.getJob(), new Lease(last.number(), last.holder(), 0));
            }
            return ReleaseRunLeaseResponse.getDefaultInstance();
        });
    }

    private long expiry() {
        long expiry = System.nanoTime() + Duration.ofMillis(termMillis).toNanos();
        return expiry == 0 ? 1 : expiry;
    }

    private synchronized <T> void answer(StreamObserver<T> observer, java.util.function.Supplier<T> answer) {
        if (!available) {
            observer.onError(Errors.unavailable("STOPPED", "the registry is stopped"));
            return;
        }
        T message;
        try {
            message = answer.get();
        } catch (io.grpc.StatusRuntimeException e) {
            observer.onError(e);
            return;
        }
        observer.onNext(message);
        observer.onCompleted();
    }
}
