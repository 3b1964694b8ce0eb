package io.rootstock.registry.grpc;

import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.names.VersionReference;
import io.rootstock.registry.config.RegistryParts;
import io.rootstock.registry.model.AliasFeed;
import io.rootstock.registry.v1.ClearAliasCandidateRequest;
import io.rootstock.registry.v1.ClearAliasCandidateResponse;
import io.rootstock.registry.v1.CreateVersionRequest;
import io.rootstock.registry.v1.CreateVersionResponse;
import io.rootstock.registry.v1.GetLineageRequest;
import io.rootstock.registry.v1.GetLineageResponse;
import io.rootstock.registry.v1.GetModelRequest;
import io.rootstock.registry.v1.GetModelResponse;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.GetVersionResponse;
import io.rootstock.registry.v1.ListAliasHistoryRequest;
import io.rootstock.registry.v1.ListAliasHistoryResponse;
import io.rootstock.registry.v1.ListModelsRequest;
import io.rootstock.registry.v1.ListModelsResponse;
import io.rootstock.registry.v1.ListVersionsRequest;
import io.rootstock.registry.v1.ListVersionsResponse;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.RollbackAliasRequest;
import io.rootstock.registry.v1.RollbackAliasResponse;
import io.rootstock.registry.v1.SetAliasCandidateRequest;
import io.rootstock.registry.v1.SetAliasCandidateResponse;
import io.rootstock.registry.v1.SetAliasRequest;
import io.rootstock.registry.v1.SetAliasResponse;
import io.rootstock.registry.v1.WatchAliasesRequest;
import io.rootstock.registry.v1.WatchAliasesResponse;
import io.rootstock.registry.watch.Changes;
import io.rootstock.service.FlowControlledStream;
import io.rootstock.service.RequestNames;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.util.List;

/** {@code rootstock.registry.v1.ModelService}. */
@GrpcService
@Blocking
public class ModelEndpoint extends ModelServiceGrpc.ModelServiceImplBase {
    private final Provider<RegistryParts> parts;

    /** Creates the service; the registry starts with the first call if it has not started yet. */
    @Inject
    public ModelEndpoint(Provider<RegistryParts> parts) {
        this.parts = parts;
    }

    @Override
    public void getModel(GetModelRequest request, StreamObserver<GetModelResponse> observer) {
        Answers.unary(
                observer,
                () -> GetModelResponse.newBuilder()
                        .setModel(parts.get().models().get(RequestNames.id("models", request.getName(), "name")))
                        .build());
    }

    @Override
    public void listModels(ListModelsRequest request, StreamObserver<ListModelsResponse> observer) {
        Answers.unary(observer, () -> pages().models(request));
    }

    @Override
    public void createVersion(CreateVersionRequest request, StreamObserver<CreateVersionResponse> observer) {
        Answers.unary(
                observer,
                () -> CreateVersionResponse.newBuilder()
                        .setVersion(parts.get().models().create(request))
                        .build());
    }

    @Override
    public void getVersion(GetVersionRequest request, StreamObserver<GetVersionResponse> observer) {
        Answers.unary(
                observer,
                () -> GetVersionResponse.newBuilder()
                        .setVersion(parts.get()
                                .models()
                                .version(RequestNames.parse(request.getName(), "name", VersionReference::parse)))
                        .build());
    }

    @Override
    public void listVersions(ListVersionsRequest request, StreamObserver<ListVersionsResponse> observer) {
        Answers.unary(observer, () -> pages().versions(request));
    }

    @Override
    public void setAlias(SetAliasRequest request, StreamObserver<SetAliasResponse> observer) {
        Answers.unary(
                observer,
                () -> SetAliasResponse.newBuilder()
                        .setAlias(parts.get().aliases().set(request))
                        .build());
    }

    @Override
    public void rollbackAlias(RollbackAliasRequest request, StreamObserver<RollbackAliasResponse> observer) {
        Answers.unary(
                observer,
                () -> RollbackAliasResponse.newBuilder()
                        .setAlias(parts.get().aliases().rollback(request))
                        .build());
    }

    @Override
    public void setAliasCandidate(
            SetAliasCandidateRequest request, StreamObserver<SetAliasCandidateResponse> observer) {
        Answers.unary(
                observer,
                () -> SetAliasCandidateResponse.newBuilder()
                        .setAlias(parts.get().candidates().set(request))
                        .build());
    }

    @Override
    public void clearAliasCandidate(
            ClearAliasCandidateRequest request, StreamObserver<ClearAliasCandidateResponse> observer) {
        Answers.unary(
                observer,
                () -> ClearAliasCandidateResponse.newBuilder()
                        .setAlias(parts.get().candidates().clear(request))
                        .build());
    }

    @Override
    public void listAliasHistory(ListAliasHistoryRequest request, StreamObserver<ListAliasHistoryResponse> observer) {
        Answers.unary(observer, () -> pages().history(request));
    }

    @Override
    public void watchAliases(WatchAliasesRequest request, StreamObserver<WatchAliasesResponse> observer) {
        Answers.stream(observer, stream -> watch(request, stream));
    }

    @Override
    public void getLineage(GetLineageRequest request, StreamObserver<GetLineageResponse> observer) {
        Answers.unary(
                observer,
                () -> GetLineageResponse.newBuilder()
                        .setRoot(parts.get()
                                .lineage()
                                .around(RequestNames.parse(request.getName(), "name", VersionReference::parse)))
                        .build());
    }

    private ModelPages pages() {
        return new ModelPages(parts.get().models(), parts.get().aliases());
    }

    private void watch(WatchAliasesRequest request, FlowControlledStream<WatchAliasesResponse> stream)
            throws InterruptedException {
        if (!request.getAlias().isEmpty()) {
            RequestNames.id(request.getAlias(), "alias");
        }
        Changes changes = parts.get().changes();
        AliasFeed feed = new AliasFeed(parts.get().database(), request.getAlias());
        feed.snapshot().forEach(stream::send);
        while (!stream.isCancelled()) {
            long seen = changes.count();
            List<WatchAliasesResponse> moves = feed.next();
            moves.forEach(stream::send);
            if (moves.isEmpty() && !changes.await(seen, Changes.LONGEST_WAIT)) {
                throw Answers.stopping();
            }
        }
    }
}
