package io.rootstock.inference.grpc;

import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.inference.serving.Serving;
import io.rootstock.service.Pruning;
import io.rootstock.storage.v1.PruneRequest;
import io.rootstock.storage.v1.PruneResponse;
import io.rootstock.storage.v1.StorageServiceGrpc;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;

/** {@code rootstock.storage.v1.StorageService}: removes cached artifacts. */
@GrpcService
public class StorageGrpcService extends StorageServiceGrpc.StorageServiceImplBase {
    private final Serving serving;

    @Inject
    StorageGrpcService(Serving serving) {
        this.serving = serving;
    }

    @Override
    @Blocking
    public void prune(PruneRequest request, StreamObserver<PruneResponse> observer) {
        PruneResponse response = PruneResponse.newBuilder()
                .addAllGroups(serving.prune(Pruning.of(request)))
                .build();
        observer.onNext(response);
        observer.onCompleted();
    }
}
