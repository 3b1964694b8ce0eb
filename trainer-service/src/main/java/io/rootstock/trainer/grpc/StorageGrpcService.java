package io.rootstock.trainer.grpc;

import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.service.Pruning;
import io.rootstock.storage.v1.PruneRequest;
import io.rootstock.storage.v1.PruneResponse;
import io.rootstock.storage.v1.StorageServiceGrpc;
import io.rootstock.trainer.run.Runs;
import io.smallrye.common.annotation.Blocking;

/** {@code rootstock.storage.v1.StorageService}: removes files of ended runs. */
@GrpcService
public class StorageGrpcService extends StorageServiceGrpc.StorageServiceImplBase {
    private final Runs runs;

    StorageGrpcService(Runs runs) {
        this.runs = runs;
    }

    @Override
    @Blocking
    public void prune(PruneRequest request, StreamObserver<PruneResponse> observer) {
        PruneResponse response = PruneResponse.newBuilder()
                .addAllGroups(runs.prune(Pruning.of(request)))
                .build();
        observer.onNext(response);
        observer.onCompleted();
    }
}
