package io.rootstock.corpus.reader;

import dev.hardwood.InputFile;
import io.rootstock.corpus.storage.StoredParquet;
import io.rootstock.corpus.unit.UnitRange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Row groups of a parquet file of a storage: they are read once, from the first byte to the last one that is needed, into a
 * temporary file, which is mapped. Columns are read in any order, and a range of the library has up to 128 MiB, which memory
 * would not hold for every thread. Other ranges, such as the footer, are read into memory.
 */
final class SpooledParquet implements InputFile {
    private static final int BUFFER = 1 << 18;

    private final WatchedFile file;
    private final StoredParquet parquet;
    private final UnitRange range;
    private final InputStream bytes;
    private FileChannel spool;
    private long spooled;
    /** Set for reads ahead of the library that come late. */
    private boolean closed;

    /**
     * @param name name of the file, for errors
     * @param file the whole file, which remembers failures of the temporary file, too
     * @param range row groups
     * @param bytes bytes of the row groups, of which no byte is read
     */
    SpooledParquet(String name, WatchedFile file, UnitRange range, InputStream bytes) {
        this.file = file;
        this.parquet = new StoredParquet(name, file);
        this.range = range;
        this.bytes = bytes;
    }

    @Override
    public synchronized void open() throws IOException {
        if (spool != null) {
            return;
        }
        try {
            Path path = Files.createTempFile("rootstock-row-groups", ".parquet");
            // The system deletes the file with the process, also a killed one: the name is deleted at once.
            spool = FileChannel.open(
                    path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        } catch (IOException e) {
            throw file.remembered(e);
        }
    }

    @Override
    public synchronized ByteBuffer readRange(long offset, int length) throws IOException {
        if (closed) {
            throw new IOException("it was closed");
        }
        if (offset < range.from() || offset + length > range.to()) {
            return parquet.readRange(offset, length);
        }
        try {
            spool(offset + length - range.from());
            return spool.map(FileChannel.MapMode.READ_ONLY, offset - range.from(), length);
        } catch (IOException e) {
            // A full disk, which the library would report as damage of the file.
            throw file.remembered(e);
        }
    }

    private void spool(long end) throws IOException {
        byte[] buffer = new byte[BUFFER];
        while (spooled < end) {
            int read = bytes.read(buffer);
            if (read < 0) {
                throw new IOException("it ends before byte " + (range.from() + end));
            }
            ByteBuffer written = ByteBuffer.wrap(buffer, 0, read);
            while (written.hasRemaining()) {
                spooled += spool.write(written, spooled);
            }
        }
    }

    @Override
    public long length() throws IOException {
        return parquet.length();
    }

    @Override
    public String name() {
        return parquet.name();
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (spool != null) {
            spool.close();
        }
    }
}
