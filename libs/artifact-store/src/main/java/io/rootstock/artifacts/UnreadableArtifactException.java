package io.rootstock.artifacts;

import java.io.IOException;

/** An artifact cannot be read now, such as during an outage of its disk; a later attempt may succeed. */
public final class UnreadableArtifactException extends ArtifactException {
    UnreadableArtifactException(String message, IOException cause) {
        super(message, cause);
    }
}
