package io.rootstock.corpus.storage;

import dev.hardwood.InputFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A parquet file of a storage whose ranges are read into memory, such as its footer; the file is closed by its owner. */
public final class StoredParquet implements InputFile {
    /** Largest range; footers have kilobytes, those of files with 10,000 row groups some megabytes. */
    static final int MAX_BYTES = 64 << 20;

    private final String name;
    private final StoredFile file;

    public StoredParquet(String name, StoredFile file) {
        this.name = name;
        this.file = file;
    }

    @Override
    public void open() {
        // The file is open.
    }

    @Override
    public ByteBuffer readRange(long offset, int length) throws IOException {
        if (length > MAX_BYTES) {
            throw new IOException("a footer or index of " + length + " bytes is larger than " + MAX_BYTES);
        }
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, offset + buffer.position()) < 0) {
                throw new IOException("it ends before byte " + (offset + length));
            }
        }
        return buffer.flip();
    }

    @Override
    public long length() throws IOException {
        return file.bytes();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void close() {
        // Closed by the owner.
    }
}
