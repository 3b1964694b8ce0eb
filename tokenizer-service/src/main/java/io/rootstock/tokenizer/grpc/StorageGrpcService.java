package io.rootstock.tokenizer.grpc;

import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.service.Pruning;
import io.rootstock.storage.v1.PruneRequest;
import io.rootstock.storage.v1.PruneResponse;
import io.rootstock.storage.v1.StorageServiceGrpc;
import io.rootstock.tokenizer.catalogue.Catalogue;
import io.rootstock.tokenizer.catalogue.RunningOperations;
import io.rootstock.tokenizer.v1.Source;
import io.smallrye.common.annotation.Blocking;
import java.time.Instant;
import java.util.Optional;

/**
 * {@code rootstock.storage.v1.StorageService}: forgets uploaded files. Datasets and tokenizers do not need the files that
 * they were created from; the registry then removes their artifacts.
 */
@GrpcService
public class StorageGrpcService extends StorageServiceGrpc.StorageServiceImplBase {
    private final Catalogue<Source> sources;
    private final RunningOperations operations;

    StorageGrpcService(Catalogue<Source> sources, RunningOperations operations) {
        this.sources = sources;
        this.operations = operations;
    }

    @Override
    @Blocking
    public void prune(PruneRequest request, StreamObserver<PruneResponse> answers) {
        Pruning pruning = Pruning.of(request);
        Pruning.Group group = pruning.group("uploaded files");
        Runnable prune = () -> sources.forEachId(id -> add(id, group));
        // Running operations read uploaded files.
        boolean _ = operations.runIfIdle(prune);
        Answers.send(
                answers, PruneResponse.newBuilder().addGroups(group.toMessage()).build());
    }

    private void add(String id, Pruning.Group group) {
        Optional<Source> source = sources.find(id).map(Catalogue.Entry::resource);
        Optional<Instant> used = sources.lastUse(id);
        if (source.isPresent() && used.isPresent()) {
            group.add(source.get().getFileName(), source.get().getBytes(), used.get(), () -> {
                sources.remove(id);
                // The registry frees the artifact and counts its bytes.
                return 0;
            });
        }
    }
}
