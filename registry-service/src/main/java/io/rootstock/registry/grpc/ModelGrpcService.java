package io.rootstock.registry.grpc;

import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.access.v1.Role;
import io.rootstock.names.VersionReference;
import io.rootstock.registry.deletion.ModelDeletion;
import io.rootstock.registry.model.AddedArtifacts;
import io.rootstock.registry.model.AliasFeed;
import io.rootstock.registry.model.Aliases;
import io.rootstock.registry.model.Canaries;
import io.rootstock.registry.model.Descriptions;
import io.rootstock.registry.model.Lineage;
import io.rootstock.registry.model.Models;
import io.rootstock.registry.v1.AddVersionArtifactRequest;
import io.rootstock.registry.v1.AddVersionArtifactResponse;
import io.rootstock.registry.v1.ClearAliasCanaryRequest;
import io.rootstock.registry.v1.ClearAliasCanaryResponse;
import io.rootstock.registry.v1.CreateVersionRequest;
import io.rootstock.registry.v1.CreateVersionResponse;
import io.rootstock.registry.v1.DeleteAliasRequest;
import io.rootstock.registry.v1.DeleteAliasResponse;
import io.rootstock.registry.v1.DeleteModelRequest;
import io.rootstock.registry.v1.DeleteModelResponse;
import io.rootstock.registry.v1.DeleteVersionRequest;
import io.rootstock.registry.v1.DeleteVersionResponse;
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
import io.rootstock.registry.v1.Model;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.RollbackAliasRequest;
import io.rootstock.registry.v1.RollbackAliasResponse;
import io.rootstock.registry.v1.SetAliasCanaryRequest;
import io.rootstock.registry.v1.SetAliasCanaryResponse;
import io.rootstock.registry.v1.SetAliasRequest;
import io.rootstock.registry.v1.SetAliasResponse;
import io.rootstock.registry.v1.UpdateModelRequest;
import io.rootstock.registry.v1.UpdateModelResponse;
import io.rootstock.registry.v1.UpdateVersionRequest;
import io.rootstock.registry.v1.UpdateVersionResponse;
import io.rootstock.registry.v1.WatchAliasesRequest;
import io.rootstock.registry.v1.WatchAliasesResponse;
import io.rootstock.registry.v1.WatchModelsRequest;
import io.rootstock.registry.v1.WatchModelsResponse;
import io.rootstock.registry.watch.Changes;
import io.rootstock.service.FlowControlledStream;
import io.rootstock.service.RequestNames;
import io.rootstock.service.WatchedPage;
import io.rootstock.service.access.Caller;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** {@code rootstock.registry.v1.ModelService}. */
@GrpcService
@Blocking
public class ModelGrpcService extends ModelServiceGrpc.ModelServiceImplBase {
    private final Models models;
    private final Descriptions descriptions;
    private final AddedArtifacts added;
    private final Aliases aliases;
    private final Canaries canaries;
    private final Lineage lineage;
    private final ModelDeletion deletion;
    private final ModelPages pages;
    private final Changes changes;

    /** Creates the service. */
    @Inject
    public ModelGrpcService(
            Models models,
            Descriptions descriptions,
            AddedArtifacts added,
            Aliases aliases,
            Canaries canaries,
            Lineage lineage,
            ModelDeletion deletion,
            Changes changes) {
        this.models = models;
        this.descriptions = descriptions;
        this.added = added;
        this.aliases = aliases;
        this.canaries = canaries;
        this.lineage = lineage;
        this.deletion = deletion;
        this.pages = new ModelPages(models, aliases);
        this.changes = changes;
    }

    @Override
    public void getModel(GetModelRequest request, StreamObserver<GetModelResponse> observer) {
        Answers.unary(
                observer,
                () -> GetModelResponse.newBuilder()
                        .setModel(models.get(RequestNames.id("models", request.getName(), "name")))
                        .build());
    }

    @Override
    public void listModels(ListModelsRequest request, StreamObserver<ListModelsResponse> observer) {
        Answers.unary(observer, () -> pages.models(request));
    }

    @Override
    public void watchModels(WatchModelsRequest request, StreamObserver<WatchModelsResponse> observer) {
        ListModelsRequest page = ListModelsRequest.newBuilder()
                .setPageSize(request.getPageSize())
                .putAllTags(request.getTagsMap())
                .setFilter(request.getFilter())
                .setOrderBy(request.getOrderBy())
                .build();
        WatchedPage<Model> known = new WatchedPage<>(Model::getName);
        Answers.stream(
                observer, stream -> new PageWatch(changes).run(stream, () -> message(known, pages.models(page))));
    }

    private static Optional<WatchModelsResponse> message(WatchedPage<Model> known, ListModelsResponse page) {
        return known.changes(page.getModelsList())
                .map(change -> WatchModelsResponse.newBuilder()
                        .addAllModels(change.resources())
                        .addAllNames(change.names())
                        .setNextPageToken(page.getNextPageToken())
                        .build());
    }

    @Override
    public void updateModel(UpdateModelRequest request, StreamObserver<UpdateModelResponse> observer) {
        Answers.unary(
                observer,
                () -> UpdateModelResponse.newBuilder()
                        .setModel(descriptions.update(request))
                        .build());
    }

    @Override
    public void deleteModel(DeleteModelRequest request, StreamObserver<DeleteModelResponse> observer) {
        Answers.unary(observer, () -> {
            deletion.deleteModel(request);
            return DeleteModelResponse.getDefaultInstance();
        });
    }

    @Override
    public void createVersion(CreateVersionRequest request, StreamObserver<CreateVersionResponse> observer) {
        Answers.unary(
                observer,
                () -> CreateVersionResponse.newBuilder()
                        .setVersion(models.create(request))
                        .build());
    }

    @Override
    public void getVersion(GetVersionRequest request, StreamObserver<GetVersionResponse> observer) {
        Answers.unary(
                observer,
                () -> GetVersionResponse.newBuilder()
                        .setVersion(
                                models.version(RequestNames.parse(request.getName(), "name", VersionReference::parse)))
                        .build());
    }

    @Override
    public void listVersions(ListVersionsRequest request, StreamObserver<ListVersionsResponse> observer) {
        Answers.unary(observer, () -> pages.versions(request));
    }

    @Override
    public void updateVersion(UpdateVersionRequest request, StreamObserver<UpdateVersionResponse> observer) {
        Answers.unary(
                observer,
                () -> UpdateVersionResponse.newBuilder()
                        .setVersion(descriptions.update(request))
                        .build());
    }

    @Override
    public void addVersionArtifact(
            AddVersionArtifactRequest request, StreamObserver<AddVersionArtifactResponse> observer) {
        Answers.stream(
                observer,
                stream -> stream.send(AddVersionArtifactResponse.newBuilder()
                        .setVersion(added.add(
                                request,
                                stage -> stream.send(AddVersionArtifactResponse.newBuilder()
                                        .setStage(stage)
                                        .build())))
                        .build()));
    }

    @Override
    public void deleteVersion(DeleteVersionRequest request, StreamObserver<DeleteVersionResponse> observer) {
        Answers.unary(observer, () -> {
            deletion.deleteVersion(request);
            return DeleteVersionResponse.getDefaultInstance();
        });
    }

    @Override
    public void deleteAlias(DeleteAliasRequest request, StreamObserver<DeleteAliasResponse> observer) {
        Answers.unary(observer, () -> {
            aliases.delete(request);
            return DeleteAliasResponse.getDefaultInstance();
        });
    }

    @Override
    public void setAlias(SetAliasRequest request, StreamObserver<SetAliasResponse> observer) {
        Answers.unary(
                observer,
                () -> SetAliasResponse.newBuilder()
                        .setAlias(aliases.set(request))
                        .build());
    }

    @Override
    public void rollbackAlias(RollbackAliasRequest request, StreamObserver<RollbackAliasResponse> observer) {
        Answers.unary(
                observer,
                () -> RollbackAliasResponse.newBuilder()
                        .setAlias(aliases.rollback(request))
                        .build());
    }

    @Override
    public void setAliasCanary(SetAliasCanaryRequest request, StreamObserver<SetAliasCanaryResponse> observer) {
        Answers.unary(
                observer,
                () -> SetAliasCanaryResponse.newBuilder()
                        .setAlias(canaries.set(request))
                        .build());
    }

    @Override
    public void clearAliasCanary(ClearAliasCanaryRequest request, StreamObserver<ClearAliasCanaryResponse> observer) {
        Answers.unary(
                observer,
                () -> ClearAliasCanaryResponse.newBuilder()
                        .setAlias(canaries.clear(request))
                        .build());
    }

    @Override
    public void listAliasHistory(ListAliasHistoryRequest request, StreamObserver<ListAliasHistoryResponse> observer) {
        Answers.unary(observer, () -> pages.history(request));
    }

    @Override
    public void watchAliases(WatchAliasesRequest request, StreamObserver<WatchAliasesResponse> observer) {
        Answers.stream(observer, stream -> watch(request, stream));
    }

    @Override
    public void getLineage(GetLineageRequest request, StreamObserver<GetLineageResponse> observer) {
        Answers.unary(
                observer, () -> lineage.around(RequestNames.parse(request.getName(), "name", VersionReference::parse)));
    }

    private void watch(WatchAliasesRequest request, FlowControlledStream<WatchAliasesResponse> stream)
            throws InterruptedException {
        if (!request.getAlias().isEmpty()) {
            RequestNames.id(request.getAlias(), "alias");
        }
        AliasFeed feed = aliases.feed(request.getAlias());
        Consumer<WatchAliasesResponse> visible = message -> {
            if (isVisible(message)) {
                stream.send(message);
            }
        };
        feed.begin(request.getResumeToken(), visible);
        while (!stream.isCancelled()) {
            long seen = changes.count();
            List<WatchAliasesResponse> moves = feed.next();
            moves.forEach(visible);
            if (moves.isEmpty() && !changes.await(seen, Changes.MAX_WAIT)) {
                throw Answers.stopping();
            }
        }
    }

    /** Whether the caller may see a message's alias; messages without an alias are for all callers. */
    private static boolean isVisible(WatchAliasesResponse message) {
        String alias = message.hasAlias() ? message.getAlias().getName() : message.getDeletedAlias();
        return alias.isEmpty() || Caller.current().has(Role.ROLE_VIEWER, alias);
    }
}
