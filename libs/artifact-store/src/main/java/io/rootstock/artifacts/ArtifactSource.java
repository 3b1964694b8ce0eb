package io.rootstock.artifacts;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Where artifacts can be read from, as bytes that nobody has verified: the reader hashes them. What fails for a reason
 * that may pass is an {@link IOException}.
 */
public interface ArtifactSource {
    /**
     * The artifact's length in bytes.
     *
     * @throws NoSuchArtifactException if it is not there
     */
    long length(Digest digest) throws IOException;

    /**
     * The artifact's bytes from {@code offset} on.
     *
     * @throws NoSuchArtifactException if it is not there
     */
    InputStream open(Digest digest, long offset) throws IOException;

    /**
     * Makes {@code target} another name of the artifact, where that is possible.
     *
     * @return whether it was
     */
    default boolean link(Digest digest, Path target) throws IOException {
        return false;
    }
}
