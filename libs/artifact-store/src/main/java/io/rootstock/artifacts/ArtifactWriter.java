package io.rootstock.artifacts;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A new artifact that is being written. It is in the store once {@link #commit()} has returned and not a moment
 * sooner; {@link #close()} without a commit leaves no trace. For one thread.
 */
public abstract class ArtifactWriter extends OutputStream {
    /** Makes what was written durable, gives it its name and returns that name. Nothing can be written afterwards. */
    public abstract Digest commit();

    /** Discards what was written, unless it was committed. */
    @Override
    public abstract void close() throws IOException;
}
