package io.rootstock.service;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.DirectoryArtifactStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

/** CDI producer of the shared artifact store. */
@ApplicationScoped
public class ArtifactStoreProducer {
    @Produces
    @ApplicationScoped
    ArtifactStore artifactStore(CommonSettings settings) {
        return new DirectoryArtifactStore(settings.artifacts().directory());
    }
}
