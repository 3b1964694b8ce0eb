package io.rootstock.registry.grpc;

import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.registry.storage.ArtifactCollector;
import io.rootstock.service.Pruning;
import io.rootstock.storage.v1.PruneRequest;
import io.rootstock.storage.v1.PruneResponse;
import io.rootstock.storage.v1.StorageServiceGrpc;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;

/** {@code rootstock.storage.v1.StorageService}: removes artifacts without references. */
@GrpcService
@Blocking
public class StorageGrpcService extends StorageServiceGrpc.StorageServiceImplBase {
    private final ArtifactCollector collector;

    /** Creates the service. */
    @Inject
    public StorageGrpcService(ArtifactCollector collector) {
        this.collector = collector;
    }

    @Override
    public void prune(PruneRequest request, StreamObserver<PruneResponse> observer) {
        Answers.unary(
                observer,
                () -> PruneResponse.newBuilder()
                        .addGroups(collector.collect(Pruning.of(request)))
                        .build());
    }
}
