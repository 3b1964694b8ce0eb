package io.rootstock.artifacts;

/** An artifact was no longer wanted before it was there. */
public final class FetchCancelledException extends ArtifactException {
    private static final long serialVersionUID = 1L;

    FetchCancelledException(Digest digest) {
        super("artifact " + digest + " is no longer wanted");
    }
}
