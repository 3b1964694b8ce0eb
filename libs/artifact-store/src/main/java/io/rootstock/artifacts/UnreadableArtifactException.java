package io.rootstock.artifacts;

/** An artifact cannot be read now, such as during an outage of its disk or server; a later attempt may succeed. */
public final class UnreadableArtifactException extends ArtifactException {
    public UnreadableArtifactException(String message, Throwable cause) {
        super(message, cause);
    }
}
