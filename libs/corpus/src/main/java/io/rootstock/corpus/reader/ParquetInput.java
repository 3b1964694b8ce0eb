package io.rootstock.corpus.reader;

import dev.hardwood.InputFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Bytes of a parquet file; refuses reads that only damaged files cause.
 *
 * <p>With a wrong page size the library (1.0.1) reads zero bytes without end, and its caller waits for ever.
 */
final class ParquetInput implements InputFile {
    private final InputFile file;

    ParquetInput(InputFile file) {
        this.file = file;
    }

    @Override
    public void open() throws IOException {
        file.open();
    }

    @Override
    public ByteBuffer readRange(long offset, int length) throws IOException {
        if (length <= 0 || offset < 0 || offset + length > file.length()) {
            throw new IOException("a page of " + length + " bytes at offset " + offset + " lies outside of its column");
        }
        return file.readRange(offset, length);
    }

    @Override
    public long length() throws IOException {
        return file.length();
    }

    @Override
    public String name() {
        return file.name();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
