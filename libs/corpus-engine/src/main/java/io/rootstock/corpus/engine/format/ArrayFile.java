package io.rootstock.corpus.engine.format;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Byte arrays in a file, read one by one; holds nothing in memory.
 *
 * @param path path of a file that {@link Writer} wrote
 */
public record ArrayFile(Path path) {
    /** Number of arrays. */
    public int count() throws IOException {
        try (FileChannel channel = open()) {
            return count(channel);
        }
    }

    /** Length of an array. */
    public int length(int index) throws IOException {
        try (FileChannel channel = open()) {
            return entry(channel, index).getInt(Long.BYTES);
        }
    }

    /** Reads an array; throws {@link DamagedFileException} if its checksum differs. */
    public byte[] read(int index) throws IOException {
        try (FileChannel channel = open()) {
            ByteBuffer entry = entry(channel, index);
            int length = entry.getInt(Long.BYTES);
            if (length < 0 || length > channel.size()) {
                throw new DamagedFileException(path.toString(), "array " + index + " has length " + length);
            }
            byte[] array = read(channel, entry.getLong(0), length).array();
            if (Writer.checksum(array, length) != entry.getInt(Long.BYTES + Integer.BYTES)) {
                throw new DamagedFileException(path.toString(), "checksum of array " + index);
            }
            return array;
        }
    }

    private FileChannel open() throws IOException {
        return FileChannel.open(path, StandardOpenOption.READ);
    }

    private ByteBuffer entry(FileChannel channel, int index) throws IOException {
        int count = count(channel);
        if (index < 0 || index >= count) {
            throw new DamagedFileException(path.toString(), "array " + index + " of " + count);
        }
        long table = channel.size() - Writer.TRAILER - (long) count * Writer.ENTRY;
        return read(channel, table + (long) index * Writer.ENTRY, Writer.ENTRY);
    }

    private int count(FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < Long.BYTES + Writer.TRAILER || read(channel, 0, Long.BYTES).getLong(0) != Writer.MAGIC) {
            throw new DamagedFileException(path.toString(), "not an array file");
        }
        int count = read(channel, size - Writer.TRAILER, Integer.BYTES).getInt(0);
        long table = size - Writer.TRAILER - (long) count * Writer.ENTRY;
        if (count < 0 || table < Long.BYTES) {
            throw new DamagedFileException(path.toString(), "table of " + count + " arrays");
        }
        return count;
    }

    private ByteBuffer read(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (position < 0 || channel.read(bytes, position + bytes.position()) < 0) {
                throw new DamagedFileException(path.toString(), "it ends at byte " + channel.size());
            }
        }
        return bytes;
    }

    /**
     * Writes byte arrays that {@link ArrayFile} reads one by one. Big-endian: {@value #MAGIC} (8 bytes); the arrays; for each
     * array its offset (8), length (4) and CRC32C (4); the number of arrays (4).
     */
    public static final class Writer {
        static final long MAGIC = 0x5253415252415931L;
        static final int ENTRY = 16;
        static final int TRAILER = 4;

        private final OutputStream stream;
        private ByteBuffer table = ByteBuffer.allocate(64 * ENTRY);
        private long offset = Long.BYTES;

        /** Begins a file on a stream, which the caller closes. */
        public Writer(OutputStream stream) throws IOException {
            this.stream = stream;
            stream.write(ByteBuffer.allocate(Long.BYTES).putLong(MAGIC).array());
        }

        /** Writes a file of given arrays. */
        public static void write(OutputStream stream, byte[]... arrays) throws IOException {
            Writer writer = new Writer(stream);
            for (byte[] array : arrays) {
                writer.add(array, array.length);
            }
            writer.finish();
        }

        /** Adds the first bytes of an array. */
        public void add(byte[] array, int length) throws IOException {
            if (table.remaining() < ENTRY) {
                table = ByteBuffer.allocate(Math.multiplyExact(table.capacity(), 2))
                        .put(table.flip());
            }
            table.putLong(offset).putInt(length).putInt(checksum(array, length));
            stream.write(array, 0, length);
            offset += length;
        }

        /** Ends the file. */
        public void finish() throws IOException {
            int bytes = table.position();
            stream.write(table.array(), 0, bytes);
            stream.write(ByteBuffer.allocate(TRAILER).putInt(bytes / ENTRY).array());
        }

        static int checksum(byte[] array, int length) {
            CRC32C crc = new CRC32C();
            crc.update(array, 0, length);
            return (int) crc.getValue();
        }
    }
}
