package io.rootstock.registry.grpc;

import io.rootstock.names.AliasName;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.model.Aliases;
import io.rootstock.registry.model.Models;
import io.rootstock.registry.model.VersionFields;
import io.rootstock.registry.v1.ListAliasHistoryRequest;
import io.rootstock.registry.v1.ListAliasHistoryResponse;
import io.rootstock.registry.v1.ListModelsRequest;
import io.rootstock.registry.v1.ListModelsResponse;
import io.rootstock.registry.v1.ListVersionsRequest;
import io.rootstock.registry.v1.ListVersionsResponse;
import io.rootstock.service.PageToken;
import io.rootstock.service.RequestNames;
import java.util.TreeMap;

/** Pages of models, versions and alias moves. Each query reads one extra row to detect a next page. */
final class ModelPages {
    private final Models models;
    private final Aliases aliases;

    ModelPages(Models models, Aliases aliases) {
        this.models = models;
        this.aliases = aliases;
    }

    ListModelsResponse models(ListModelsRequest request) {
        PageQuery page = PageQuery.of(
                "models" + new TreeMap<>(request.getTagsMap()),
                Models.FIELDS,
                request.getFilter(),
                request.getOrderBy(),
                request.getPageToken(),
                PageToken.size(request.getPageSize()));
        ListModelsResponse.Builder response = ListModelsResponse.newBuilder();
        String next = Answers.page(page, models.list(request.getTagsMap(), page), response::addModels);
        return response.setNextPageToken(next).build();
    }

    ListVersionsResponse versions(ListVersionsRequest request) {
        String model = RequestNames.id("models", request.getModel(), "model");
        PageQuery page = PageQuery.of(
                "models/" + model + "/versions" + new TreeMap<>(request.getTagsMap())
                        + (request.getShowArchived() ? " archived" : ""),
                VersionFields.FIELDS,
                request.getFilter(),
                request.getOrderBy(),
                request.getPageToken(),
                PageToken.size(request.getPageSize()));
        ListVersionsResponse.Builder response = ListVersionsResponse.newBuilder();
        String next = Answers.page(
                page,
                models.versions(model, request.getTagsMap(), request.getShowArchived(), page),
                response::addVersions);
        return response.setNextPageToken(next).build();
    }

    ListAliasHistoryResponse history(ListAliasHistoryRequest request) {
        AliasName name = RequestNames.parse(request.getName(), "name", AliasName::parse);
        PageQuery page = PageQuery.of(
                name + " moves",
                VersionFields.MOVES,
                request.getFilter(),
                request.getOrderBy(),
                request.getPageToken(),
                PageToken.size(request.getPageSize()));
        ListAliasHistoryResponse.Builder response = ListAliasHistoryResponse.newBuilder();
        String next = Answers.page(page, aliases.history(name, page), response::addMoves);
        return response.setNextPageToken(next).build();
    }
}
