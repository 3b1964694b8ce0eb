package io.rootstock.artifacts;

import java.nio.file.Path;

/**
 * Artifacts by digest. Safe for several threads and processes; storing equal content twice gives one artifact. Failures
 * are {@link ArtifactException}s.
 */
public interface ArtifactStore extends ArtifactSource {
    /** Stores a copy of the file and returns its digest; the copy is durable. */
    Digest putFile(Path file);

    /** Opens a writer for a new artifact. */
    ArtifactWriter create();

    /**
     * Stores every regular file below the directory and a {@link DirectoryManifest} of them, and returns the manifest's
     * digest. Equal files under equal paths always give the same digest. Links are rejected.
     */
    Digest putDirectory(Path directory);

    /** Whether the store has the artifact; does not verify it. */
    boolean contains(Digest digest);

    /** Returns the artifact's length in bytes; for a directory, its manifest's length. */
    long size(Digest digest);

    /**
     * Verifies the artifact's hash and returns its path, which must only be read.
     *
     * @throws NoSuchArtifactException if the store does not have the artifact
     * @throws CorruptArtifactException if its bytes do not match the digest
     */
    Path verified(Digest digest);

    /**
     * Creates a stored directory at {@code target}, each file verified, by hard links if the file system supports them
     * (so the files must only be read). The directory appears complete or not at all. A target that already has exactly
     * these files is left unchanged; any other existing target is rejected.
     *
     * @return {@code target}
     */
    Path materialize(Digest directory, Path target);

    /** Returns the verified bytes of a small artifact (up to 64 MiB). */
    byte[] readAll(Digest digest);
}
