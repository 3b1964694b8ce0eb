package io.rootstock.artifacts;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Location of an installation's artifacts.
 *
 * @param directory the store's directory; with an address, the directory of its local copies
 * @param address a store on another system, such as {@code s3://bucket/prefix}; empty: a {@link DirectoryArtifactStore}
 */
public record ArtifactLocation(Path directory, Optional<URI> address) {
    public ArtifactLocation {
        directory = directory.toAbsolutePath().normalize();
    }

    /**
     * Opens the store.
     *
     * @throws IllegalArgumentException if no module of this process supports the address
     * @throws ArtifactException if the store cannot be opened
     */
    public ArtifactStore open() {
        if (address.isEmpty()) {
            return new DirectoryArtifactStore(directory);
        }
        String scheme = address.get().getScheme();
        for (ArtifactStoreProvider provider : ServiceLoader.load(ArtifactStoreProvider.class)) {
            if (provider.scheme().equals(scheme)) {
                return provider.open(address.get(), directory);
            }
        }
        throw new IllegalArgumentException(
                "artifact stores of the form " + scheme + "://... are not supported here; the"
                        + " inference service reads them from the registry: set rootstock.inference.artifacts");
    }
}
