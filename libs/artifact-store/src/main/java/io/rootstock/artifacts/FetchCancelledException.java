package io.rootstock.artifacts;

/** The fetch of an artifact was cancelled. */
public final class FetchCancelledException extends ArtifactException {
    private static final long serialVersionUID = 1L;

    FetchCancelledException(Digest digest) {
        super("fetch of artifact " + digest + " cancelled");
    }
}
