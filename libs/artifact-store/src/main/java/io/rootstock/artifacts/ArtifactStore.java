package io.rootstock.artifacts;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Artifacts by digest. Safe for several threads and processes; storing equal content twice gives one artifact. Failures
 * are {@link ArtifactException}s.
 */
public interface ArtifactStore extends ArtifactSource {
    /** Maximum length of an artifact for {@link #readAll}. */
    long READ_ALL_LIMIT_BYTES = 64L << 20;

    /** Stores a copy of the file and returns its digest; the copy is durable. */
    Digest putFile(Path file);

    /** Opens a writer for a new artifact. */
    ArtifactWriter create();

    /**
     * Stores every regular file below the directory and a {@link DirectoryManifest} of them, and returns the manifest's
     * digest. Equal files under equal paths always give the same digest. Links are rejected.
     */
    default Digest putDirectory(Path directory) {
        return StoredDirectory.put(this, directory);
    }

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
    default Path materialize(Digest directory, Path target) {
        return StoredDirectory.materialize(this, directory, target);
    }

    /** Returns the verified bytes of a small artifact (up to {@link #READ_ALL_LIMIT_BYTES}). */
    byte[] readAll(Digest digest);

    /**
     * Sets the time of an artifact, and of all artifacts that it names as a manifest, to now. Call it before creating a
     * reference to an artifact that was stored earlier: {@link #removeIfOlder} then keeps it for the grace period.
     *
     * @throws NoSuchArtifactException if the store does not have the artifact
     */
    void renew(Digest digest);

    /** Calls {@code each} with every artifact, in no particular order. */
    void list(Consumer<StoredArtifact> each);

    /**
     * Removes an artifact that was last stored or renewed before {@code limit}. An artifact that is stored or renewed
     * concurrently is kept, but may be missing for an instant.
     *
     * @return the bytes removed; empty if the artifact is missing or younger
     */
    OptionalLong removeIfOlder(Digest digest, Instant limit);

    /**
     * Removes the bytes of writers that stopped before {@code limit} without a commit.
     *
     * @return the bytes removed
     */
    long removeAbandoned(Instant limit);

    /** Maximum length of a document in bytes. */
    int DOCUMENT_LIMIT_BYTES = 1 << 20;

    /** Names of the documents, in order. */
    List<String> documents();

    /**
     * Returns a document: a small named file beside the artifacts, which garbage collection does not remove.
     *
     * @param name lower-case letters, digits, hyphens and dots
     */
    Optional<String> document(String name);

    /** Writes or replaces a document, which is complete or missing at any time and durable when this method returns. */
    void putDocument(String name, String text);

    /** Removes a document; a missing one is not an error. */
    void removeDocument(String name);

    /** Checks the name and text of a document; throws {@link IllegalArgumentException}. */
    static void requireDocument(String name, String text) {
        if (!name.matches("[a-z0-9][a-z0-9.-]{0,99}")) {
            throw new IllegalArgumentException("invalid name of a document: '" + name + "'");
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > DOCUMENT_LIMIT_BYTES) {
            throw new IllegalArgumentException(
                    "the document " + name + " is longer than " + DOCUMENT_LIMIT_BYTES + " bytes");
        }
    }
}
