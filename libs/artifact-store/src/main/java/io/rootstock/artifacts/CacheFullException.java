package io.rootstock.artifacts;

/** An artifact does not fit into the cache; nothing of it was fetched. */
public final class CacheFullException extends ArtifactException {
    public CacheFullException(String message) {
        super(message);
    }
}
