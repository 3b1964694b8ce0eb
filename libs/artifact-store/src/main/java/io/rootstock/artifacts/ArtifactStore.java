package io.rootstock.artifacts;

import java.nio.file.Path;

/**
 * Artifacts by digest. All methods may be called by many threads and many processes at once; storing the same content
 * twice is one artifact. Failures are {@link ArtifactException}s.
 */
public interface ArtifactStore extends ArtifactSource {
    /** Copies the file in and returns its digest once it is durable. */
    Digest putFile(Path file);

    /** A stream into a new artifact. */
    ArtifactWriter create();

    /**
     * Stores every regular file below the directory and a {@link DirectoryManifest} of them; the manifest's digest is
     * the directory's. The same files under the same paths always give the same digest. Links are refused.
     */
    Digest putDirectory(Path directory);

    /** Whether the store holds the artifact; says nothing about whether it is intact. */
    boolean contains(Digest digest);

    /** The artifact's length in bytes (of a directory: its manifest's). */
    long size(Digest digest);

    /**
     * Hashes the artifact again and returns a path to read it from, never to write to.
     *
     * @throws NoSuchArtifactException if the store does not hold it
     * @throws CorruptArtifactException if its bytes are not those it is named after
     */
    Path verified(Digest digest);

    /**
     * Lays a stored directory out at {@code target}, each file verified, by hard links where the file system allows
     * (so the files are for reading only). The directory appears whole or not at all. A target that already holds
     * these very files is left as it is; any other existing target is refused.
     *
     * @return {@code target}
     */
    Path materialize(Digest directory, Path target);

    /** The verified bytes of a small artifact (up to 64 MiB). */
    byte[] readAll(Digest digest);
}
