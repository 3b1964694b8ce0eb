package io.rootstock.trainer.grpc;

import com.google.protobuf.Timestamp;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.service.FlowControlledStream;
import io.rootstock.storage.v1.ListReferencesRequest;
import io.rootstock.storage.v1.ListReferencesResponse;
import io.rootstock.storage.v1.ReferenceServiceGrpc;
import io.rootstock.trainer.imports.ModelImports;
import io.rootstock.trainer.run.Runs;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code rootstock.storage.v1.ReferenceService}: artifacts of runs. */
@GrpcService
public class ReferenceGrpcService extends ReferenceServiceGrpc.ReferenceServiceImplBase {
    private final Runs runs;
    private final ModelImports imports;

    ReferenceGrpcService(Runs runs, ModelImports imports) {
        this.runs = runs;
        this.imports = imports;
    }

    @Override
    public void listReferences(ListReferencesRequest request, StreamObserver<ListReferencesResponse> observer) {
        FlowControlledStream.serve(observer, stream -> {
            // Read first: the results of a worker that ends after this are read below.
            Stream.of(runs.activity(), imports.oldest())
                    .flatMap(Optional::stream)
                    .min(Instant::compareTo)
                    .ifPresent(start -> stream.send(ListReferencesResponse.newBuilder()
                            .setActivity(Timestamp.newBuilder()
                                    .setSeconds(start.getEpochSecond())
                                    .setNanos(start.getNano()))
                            .build()));
            runs.references((run, digest) -> stream.send(ListReferencesResponse.newBuilder()
                    .setResource("runs/" + run)
                    .setDigest(digest)
                    .build()));
        });
    }
}
