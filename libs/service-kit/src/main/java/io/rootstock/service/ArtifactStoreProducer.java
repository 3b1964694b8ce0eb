package io.rootstock.service;

import io.rootstock.artifacts.ArtifactLocation;
import io.rootstock.artifacts.ArtifactStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

/** CDI producer of the shared artifact store. */
@ApplicationScoped
public class ArtifactStoreProducer {
    @Produces
    @ApplicationScoped
    ArtifactStore artifactStore(CommonSettings settings) {
        return new ArtifactLocation(
                        settings.artifacts().directory(), settings.artifacts().url())
                .open();
    }
}
