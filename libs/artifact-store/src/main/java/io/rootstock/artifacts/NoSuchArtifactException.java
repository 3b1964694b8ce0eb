package io.rootstock.artifacts;

/** The store does not hold the artifact. */
public final class NoSuchArtifactException extends ArtifactException {
    private final transient Digest digest;

    public NoSuchArtifactException(Digest digest, String where) {
        super("there is no artifact " + digest + " in " + where);
        this.digest = digest;
    }

    /** The artifact that was asked for. */
    public Digest digest() {
        return digest;
    }
}
