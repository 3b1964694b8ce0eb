package io.rootstock.artifacts;

/** The store does not have the artifact. */
public final class NoSuchArtifactException extends ArtifactException {
    private final transient Digest digest;

    public NoSuchArtifactException(Digest digest, String where) {
        super("artifact " + digest + " not found in " + where);
        this.digest = digest;
    }

    /** The requested artifact. */
    public Digest digest() {
        return digest;
    }
}
