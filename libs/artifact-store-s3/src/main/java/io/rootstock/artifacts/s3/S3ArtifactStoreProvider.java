package io.rootstock.artifacts.s3;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.ArtifactStoreProvider;
import java.net.URI;
import java.nio.file.Path;

/** Opens {@code s3://} addresses. */
public final class S3ArtifactStoreProvider implements ArtifactStoreProvider {
    @Override
    public String scheme() {
        return S3Location.SCHEME;
    }

    @Override
    public ArtifactStore open(URI address, Path cache) {
        return new S3ArtifactStore(S3Location.parse(address), cache);
    }
}
