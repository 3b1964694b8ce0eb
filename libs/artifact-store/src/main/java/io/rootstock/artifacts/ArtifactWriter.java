package io.rootstock.artifacts;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes a new artifact. It is in the store only after {@link #commit()} has returned; {@link #close()} without a
 * commit discards it. Not safe for several threads.
 */
public abstract class ArtifactWriter extends OutputStream {
    /** Makes the artifact durable under its digest, which it returns. Later writes fail. */
    public abstract Digest commit();

    /** Discards the artifact, unless it was committed. */
    @Override
    public abstract void close() throws IOException;
}
