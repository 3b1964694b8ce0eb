package io.rootstock.artifacts;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Source of unverified artifact bytes: the reader hashes them. A transient failure is an {@link IOException}.
 */
public interface ArtifactSource {
    /**
     * Returns the artifact's length in bytes.
     *
     * @throws NoSuchArtifactException if the source does not have the artifact
     */
    long length(Digest digest) throws IOException;

    /**
     * Opens the artifact's bytes from {@code offset}.
     *
     * @throws NoSuchArtifactException if the source does not have the artifact
     */
    InputStream open(Digest digest, long offset) throws IOException;

    /**
     * Creates {@code target} as a hard link to the artifact, if that is possible.
     *
     * @return whether the link was created
     */
    default boolean link(Digest digest, Path target) throws IOException {
        return false;
    }
}
