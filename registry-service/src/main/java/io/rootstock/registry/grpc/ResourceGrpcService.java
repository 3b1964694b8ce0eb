package io.rootstock.registry.grpc;

import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.registry.resource.ReleasedResources;
import io.rootstock.registry.v1.ReleaseResourceRequest;
import io.rootstock.registry.v1.ReleaseResourceResponse;
import io.rootstock.registry.v1.ResourceServiceGrpc;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;

/** {@code rootstock.registry.v1.ResourceService}. */
@GrpcService
@Blocking
public class ResourceGrpcService extends ResourceServiceGrpc.ResourceServiceImplBase {
    private final ReleasedResources resources;

    /** Creates the service. */
    @Inject
    public ResourceGrpcService(ReleasedResources resources) {
        this.resources = resources;
    }

    @Override
    public void releaseResource(ReleaseResourceRequest request, StreamObserver<ReleaseResourceResponse> observer) {
        Answers.unary(observer, () -> {
            resources.release(request);
            return ReleaseResourceResponse.getDefaultInstance();
        });
    }
}
