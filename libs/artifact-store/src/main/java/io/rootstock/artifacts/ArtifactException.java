package io.rootstock.artifacts;

/** An artifact could not be stored or read; the message says which and why. */
public class ArtifactException extends RuntimeException {
    public ArtifactException(String message) {
        super(message);
    }

    public ArtifactException(String message, Throwable cause) {
        super(message, cause);
    }
}
