package io.rootstock.corpus.engine.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Byte arrays in a file, read one by one; holds nothing in memory.
 *
 * @param path path of a file that {@link ArrayFileWriter} wrote
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
            if (ArrayFileWriter.checksum(array, length) != entry.getInt(Long.BYTES + Integer.BYTES)) {
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
        long table = channel.size() - ArrayFileWriter.TRAILER - (long) count * ArrayFileWriter.ENTRY;
        return read(channel, table + (long) index * ArrayFileWriter.ENTRY, ArrayFileWriter.ENTRY);
    }

    private int count(FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < Long.BYTES + ArrayFileWriter.TRAILER
                || read(channel, 0, Long.BYTES).getLong(0) != ArrayFileWriter.MAGIC) {
            throw new DamagedFileException(path.toString(), "not an array file");
        }
        int count = read(channel, size - ArrayFileWriter.TRAILER, Integer.BYTES).getInt(0);
        long table = size - ArrayFileWriter.TRAILER - (long) count * ArrayFileWriter.ENTRY;
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
}
