package io.rootstock.service;

import io.micrometer.core.instrument.MeterRegistry;
import io.rootstock.artifacts.ArtifactLocation;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.service.metrics.MeteredArtifactStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

/** CDI producer of the shared artifact store. */
@ApplicationScoped
public class ArtifactStoreProducer {
    @Produces
    @ApplicationScoped
    ArtifactStore artifactStore(CommonSettings settings, MeterRegistry meters) {
        ArtifactStore store = new ArtifactLocation(
                        settings.artifacts().directory(), settings.artifacts().url())
                .open();
        return new MeteredArtifactStore(store, meters);
    }
}
