package io.rootstock.registry.grpc;

import io.rootstock.names.AliasName;
import io.rootstock.names.VersionName;
import io.rootstock.registry.model.Aliases;
import io.rootstock.registry.model.Models;
import io.rootstock.registry.v1.AliasMove;
import io.rootstock.registry.v1.ListAliasHistoryRequest;
import io.rootstock.registry.v1.ListAliasHistoryResponse;
import io.rootstock.registry.v1.ListModelsRequest;
import io.rootstock.registry.v1.ListModelsResponse;
import io.rootstock.registry.v1.ListVersionsRequest;
import io.rootstock.registry.v1.ListVersionsResponse;
import io.rootstock.registry.v1.Model;
import io.rootstock.registry.v1.Version;
import io.rootstock.service.PageToken;
import io.rootstock.service.RequestNames;
import java.util.List;
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
        String query = "models" + new TreeMap<>(request.getTagsMap());
        int size = size(request.getPageSize());
        String after = PageToken.decode(query, request.getPageToken()).orElse("");
        List<Model> found = models.list(after, request.getTagsMap(), size + 1);
        List<Model> page = Answers.page(found, size, model -> model);
        ListModelsResponse.Builder response = ListModelsResponse.newBuilder().addAllModels(page);
        if (found.size() > page.size()) {
            String last = page.getLast().getName();
            response.setNextPageToken(PageToken.encode(query, RequestNames.id("models", last, "name")));
        }
        return response.build();
    }

    ListVersionsResponse versions(ListVersionsRequest request) {
        String model = RequestNames.id("models", request.getModel(), "model");
        String query = "models/" + model + "/versions" + new TreeMap<>(request.getTagsMap())
                + (request.getShowArchived() ? " archived" : "");
        int size = size(request.getPageSize());
        List<Version> found = models.versions(
                model,
                before(query, request.getPageToken()),
                request.getTagsMap(),
                request.getShowArchived(),
                size + 1);
        List<Version> page = Answers.page(found, size, version -> version);
        ListVersionsResponse.Builder response =
                ListVersionsResponse.newBuilder().addAllVersions(page);
        if (found.size() > page.size()) {
            long last = VersionName.parse(page.getLast().getName()).number();
            response.setNextPageToken(PageToken.encode(query, Long.toString(last)));
        }
        return response.build();
    }

    ListAliasHistoryResponse history(ListAliasHistoryRequest request) {
        AliasName name = RequestNames.parse(request.getName(), "name", AliasName::parse);
        String query = name + " moves";
        int size = size(request.getPageSize());
        List<AliasMove> found = aliases.history(name, before(query, request.getPageToken()), size + 1);
        List<AliasMove> page = Answers.page(found, size, move -> move);
        ListAliasHistoryResponse.Builder response =
                ListAliasHistoryResponse.newBuilder().addAllMoves(page);
        if (found.size() > page.size()) {
            response.setNextPageToken(
                    PageToken.encode(query, Long.toString(page.getLast().getSequence())));
        }
        return response.build();
    }

    private static int size(int requested) {
        return PageToken.size(requested, Answers.STANDARD_PAGE, Answers.LARGEST_PAGE);
    }

    private static long before(String query, String token) {
        return PageToken.decode(query, token).map(Long::parseLong).orElse(Long.MAX_VALUE);
    }
}
