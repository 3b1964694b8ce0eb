package io.rootstock.artifacts;

import java.net.URI;
import java.nio.file.Path;

/** Opens artifact stores on other systems; found by {@link java.util.ServiceLoader}. */
public interface ArtifactStoreProvider {
    /** Scheme of the addresses that {@link #open} accepts. */
    String scheme();

    /**
     * Opens a store.
     *
     * @param address the store; its scheme is {@link #scheme}
     * @param cache local directory for verified copies and temporary files
     * @throws IllegalArgumentException if the address is invalid
     * @throws ArtifactException if the store does not exist or cannot be used
     */
    ArtifactStore open(URI address, Path cache);
}
