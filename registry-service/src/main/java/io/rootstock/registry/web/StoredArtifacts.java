package io.rootstock.registry.web;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.service.BearerToken;
import io.rootstock.service.web.ArtifactRoute;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

/** The artifacts of the store at {@code /artifacts}, for services that cannot read the store. */
@ApplicationScoped
class StoredArtifacts {
    private final ArtifactRoute route;

    @Inject
    StoredArtifacts(ArtifactStore store, BearerToken token) {
        route = new ArtifactRoute("/artifacts", store, token);
    }

    void register(@Observes Router router) {
        route.register(router);
    }
}
