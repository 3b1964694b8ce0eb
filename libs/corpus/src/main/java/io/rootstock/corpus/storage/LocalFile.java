package io.rootstock.corpus.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of the local file system. */
public final class LocalFile implements StoredFile {
    private final FileChannel channel;

    private LocalFile(FileChannel channel) {
        this.channel = channel;
    }

    /** Opens a file. */
    public static LocalFile open(Path path) throws IOException {
        return new LocalFile(FileChannel.open(path, StandardOpenOption.READ));
    }

    @Override
    public long bytes() throws IOException {
        return channel.size();
    }

    @Override
    public int read(ByteBuffer buffer, long offset) throws IOException {
        return channel.read(buffer, offset);
    }

    @Override
    public InputStream stream(long from, long to) {
        return new Range(channel, from, to);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Bytes between two offsets of a file. */
    private static final class Range extends InputStream {
        private final FileChannel channel;
        private final long end;
        private long position;

        Range(FileChannel channel, long from, long end) {
            this.channel = channel;
            this.position = from;
            this.end = end;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (position >= end) {
                return -1;
            }
            int wanted = (int) Math.min(length, end - position);
            int read = channel.read(ByteBuffer.wrap(buffer, offset, wanted), position);
            if (read < 0) {
                throw new IOException("the file became shorter while it was read");
            }
            position += read;
            return read;
        }

        @Override
        public int available() {
            return (int) Math.min(Integer.MAX_VALUE, end - position);
        }
    }
}
