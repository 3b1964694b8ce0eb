package io.rootstock.registry.grpc;

import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.registry.deletion.Expiry;
import io.rootstock.registry.storage.ArtifactCollector;
import io.rootstock.service.Pruning;
import io.rootstock.storage.v1.PruneRequest;
import io.rootstock.storage.v1.PruneResponse;
import io.rootstock.storage.v1.StorageServiceGrpc;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;

/** {@code rootstock.storage.v1.StorageService}: removes expired versions and files, and artifacts without references. */
@GrpcService
@Blocking
public class StorageGrpcService extends StorageServiceGrpc.StorageServiceImplBase {
    private final ArtifactCollector collector;
    private final Expiry expiry;

    /** Creates the service. */
    @Inject
    public StorageGrpcService(ArtifactCollector collector, Expiry expiry) {
        this.collector = collector;
        this.expiry = expiry;
    }

    @Override
    public void prune(PruneRequest request, StreamObserver<PruneResponse> observer) {
        Answers.unary(observer, () -> {
            Pruning pruning = Pruning.of(request);
            return PruneResponse.newBuilder()
                    .addAllGroups(expiry.run(pruning.apply()))
                    .addGroups(collector.collect(pruning))
                    .build();
        });
    }
}
