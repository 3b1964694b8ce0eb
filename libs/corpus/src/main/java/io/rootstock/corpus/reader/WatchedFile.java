package io.rootstock.corpus.reader;

import io.rootstock.corpus.storage.StoredFile;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * A file that remembers the first failure of a read. Parsers report failures of their input as damage of the file, which would
 * end the unit early instead of failing.
 */
final class WatchedFile implements StoredFile {
    private final StoredFile file;
    private volatile IOException failure;

    WatchedFile(StoredFile file) {
        this.file = file;
    }

    /** Throws the first failure of a read, if there was one. */
    void requireRead() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public long bytes() throws IOException {
        return file.bytes();
    }

    @Override
    public int read(ByteBuffer buffer, long offset) throws IOException {
        try {
            return file.read(buffer, offset);
        } catch (IOException e) {
            throw remembered(e);
        }
    }

    @Override
    public InputStream stream(long from, long to) {
        return new FilterInputStream(file.stream(from, to)) {
            @Override
            public int read() throws IOException {
                try {
                    return super.read();
                } catch (IOException e) {
                    throw remembered(e);
                }
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                try {
                    return super.read(buffer, offset, length);
                } catch (IOException e) {
                    throw remembered(e);
                }
            }
        };
    }

    /** Remembers a failure, also one of a copy of the file, and returns it. */
    IOException remembered(IOException e) {
        if (failure == null) {
            failure = e;
        }
        return e;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
