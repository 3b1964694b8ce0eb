package io.rootstock.inference.grpc;

import io.rootstock.inference.metrics.VersionFigures.Role;
import io.rootstock.inference.serving.AliasStatus;
import io.rootstock.inference.v1.ListServedModelsRequest;
import io.rootstock.inference.v1.ListServedModelsResponse;
import io.rootstock.inference.v1.ServedCanary;
import io.rootstock.inference.v1.ServedModel;
import io.rootstock.inference.v1.ServedState;
import io.rootstock.inference.v1.VersionFigures;
import io.rootstock.service.PageToken;
import io.rootstock.service.filter.Field;
import io.rootstock.service.filter.FieldType;
import io.rootstock.service.filter.ListFields;
import io.rootstock.service.filter.ListQuery;
import io.rootstock.service.filter.MemoryQuery;
import java.util.List;
import java.util.function.Function;

/** Pages of the list of served models, which is ordered by alias. */
final class ServedModelPages {
    private static final Field<Function<AliasStatus, ?>> ALIAS =
            new Field<>("alias", FieldType.TEXT, AliasStatus::alias);

    private static final ListFields<Function<AliasStatus, ?>> FIELDS = new ListFields<>(
            List.of(
                    ALIAS,
                    new Field<>("version", FieldType.TEXT, AliasStatus::version),
                    Field.of(
                            "state", ServedState.class, status -> status.state().name()),
                    new Field<>("kind", FieldType.TEXT, AliasStatus::kind),
                    new Field<>("pending_version", FieldType.TEXT, AliasStatus::pendingVersion),
                    new Field<>("active_requests", FieldType.INTEGER, status -> (long) status.activeRequests()),
                    new Field<>("queued_requests", FieldType.INTEGER, status -> (long) status.queuedRequests())),
            ALIAS,
            false);

    private ServedModelPages() {}

    /** Returns the page of a request; INVALID_ARGUMENT names an invalid field. */
    static ListServedModelsResponse of(ListServedModelsRequest request, List<AliasStatus> served) {
        int size = PageToken.size(request.getPageSize());
        ListQuery<Function<AliasStatus, ?>> query = ListQuery.parse(FIELDS, request.getFilter(), request.getOrderBy());
        String bound = "served models\n" + query.text();
        List<AliasStatus> found = MemoryQuery.run(query, PageToken.decode(bound, request.getPageToken()), served);
        List<AliasStatus> shown = found.subList(0, Math.min(size, found.size()));
        ListServedModelsResponse.Builder response = ListServedModelsResponse.newBuilder();
        shown.stream().map(ServedModelPages::servedModel).forEach(response::addModels);
        if (found.size() > size) {
            response.setNextPageToken(PageToken.encode(bound, MemoryQuery.cursor(query, shown.getLast())));
        }
        return response.build();
    }

    private static ServedModel servedModel(AliasStatus status) {
        ServedModel.Builder model = ServedModel.newBuilder()
                .setAlias(status.alias())
                .setVersion(status.version())
                .setKind(status.kind())
                .setState(state(status.state()))
                .setPendingVersion(status.pendingVersion())
                .setError(status.error())
                .setActiveRequests(status.activeRequests())
                .setQueuedRequests(status.queuedRequests());
        status.figures().ifPresent(figures -> model.setFigures(figures(figures, Role.ANSWER)));
        status.canary().ifPresent(canary -> model.setCanary(canary(canary)));
        return model.build();
    }

    private static ServedCanary canary(AliasStatus.CanaryStatus canary) {
        ServedCanary.Builder served = ServedCanary.newBuilder()
                .setVersion(canary.version())
                .setPercent(canary.percent())
                .setShadow(canary.shadow())
                .setState(state(canary.state()))
                .setError(canary.error());
        canary.figures()
                .ifPresent(figures ->
                        served.setAnswered(figures(figures, Role.ANSWER)).setShadowed(figures(figures, Role.SHADOW)));
        return served.build();
    }

    private static VersionFigures figures(io.rootstock.inference.metrics.VersionFigures figures, Role role) {
        var snapshot = figures.of(role);
        return VersionFigures.newBuilder()
                .setTexts(snapshot.texts())
                .setErrors(snapshot.errors())
                .setTokens(snapshot.tokens())
                .setFirstTokenMilliseconds(snapshot.firstTokenMilliseconds())
                .setTotalMilliseconds(snapshot.totalMilliseconds())
                .build();
    }

    private static ServedState state(AliasStatus.State state) {
        return switch (state) {
            case LOADING -> ServedState.SERVED_STATE_LOADING;
            case READY -> ServedState.SERVED_STATE_READY;
            case SWAPPING -> ServedState.SERVED_STATE_SWAPPING;
            case LOAD_FAILED -> ServedState.SERVED_STATE_LOAD_FAILED;
        };
    }
}
