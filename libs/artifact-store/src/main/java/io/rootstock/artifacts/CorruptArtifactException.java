package io.rootstock.artifacts;

import java.nio.file.Path;

/** What lies under an artifact's name is not that artifact. The message names the digest, the file and the difference. */
public final class CorruptArtifactException extends ArtifactException {
    private final transient Digest digest;
    private final transient Path path;

    public CorruptArtifactException(Digest digest, Path path, String difference) {
        super("artifact " + digest + " is corrupt: " + path + " " + difference);
        this.digest = digest;
        this.path = path;
    }

    /** The artifact that was asked for. */
    public Digest digest() {
        return digest;
    }

    /** The file that should have held it. */
    public Path path() {
        return path;
    }
}
