package io.rootstock.artifacts;

import java.nio.file.Path;

/** A stored file does not match its digest. The message names the digest, the file and the difference. */
public final class CorruptArtifactException extends ArtifactException {
    private final transient Digest digest;
    private final transient Path path;

    public CorruptArtifactException(Digest digest, Path path, String difference) {
        super("artifact " + digest + " is corrupt: " + path + " " + difference);
        this.digest = digest;
        this.path = path;
    }

    /** The requested artifact. */
    public Digest digest() {
        return digest;
    }

    /** The damaged file. */
    public Path path() {
        return path;
    }
}
