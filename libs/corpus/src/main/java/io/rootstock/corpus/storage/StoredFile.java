package io.rootstock.corpus.storage;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** An open file that is read at any offset. Several threads may read it. */
public interface StoredFile extends Closeable {
    /** Length in bytes. */
    long bytes() throws IOException;

    /**
     * Reads bytes at an offset.
     *
     * @return number of bytes, at least 1; -1 at or after the end
     */
    int read(ByteBuffer buffer, long offset) throws IOException;

    /** Returns the bytes from one offset to another, which are not read before the stream is; used by one thread. */
    InputStream stream(long from, long to);
}
