package io.rootstock.registry.grpc;

import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.registry.job.RunLeases;
import io.rootstock.registry.v1.AcquireRunLeaseRequest;
import io.rootstock.registry.v1.AcquireRunLeaseResponse;
import io.rootstock.registry.v1.ReleaseRunLeaseRequest;
import io.rootstock.registry.v1.ReleaseRunLeaseResponse;
import io.rootstock.registry.v1.RenewRunLeaseRequest;
import io.rootstock.registry.v1.RenewRunLeaseResponse;
import io.rootstock.registry.v1.RunLeaseServiceGrpc;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;

/** {@code rootstock.registry.v1.RunLeaseService}. */
@GrpcService
@Blocking
public class RunLeaseGrpcService extends RunLeaseServiceGrpc.RunLeaseServiceImplBase {
    private final RunLeases leases;

    /** Creates the service. */
    @Inject
    public RunLeaseGrpcService(RunLeases leases) {
        this.leases = leases;
    }

    @Override
    public void acquireRunLease(AcquireRunLeaseRequest request, StreamObserver<AcquireRunLeaseResponse> observer) {
        Answers.unary(observer, () -> leases.acquire(request));
    }

    @Override
    public void renewRunLease(RenewRunLeaseRequest request, StreamObserver<RenewRunLeaseResponse> observer) {
        Answers.unary(
                observer,
                () -> RenewRunLeaseResponse.newBuilder()
                        .setMilliseconds(leases.renew(request))
                        .build());
    }

    @Override
    public void releaseRunLease(ReleaseRunLeaseRequest request, StreamObserver<ReleaseRunLeaseResponse> observer) {
        Answers.unary(observer, () -> {
            leases.release(request);
            return ReleaseRunLeaseResponse.getDefaultInstance();
        });
    }
}
