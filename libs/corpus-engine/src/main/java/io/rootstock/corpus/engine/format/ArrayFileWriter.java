package io.rootstock.corpus.engine.format;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Writes byte arrays that {@link ArrayFile} reads one by one. Big-endian: {@value #MAGIC} (8 bytes); the arrays; for each
 * array its offset (8), length (4) and CRC32C (4); the number of arrays (4).
 */
public final class ArrayFileWriter {
    static final long MAGIC = 0x5253415252415931L;
    static final int ENTRY = 16;
    static final int TRAILER = 4;

    private final OutputStream stream;
    private ByteBuffer table = ByteBuffer.allocate(64 * ENTRY);
    private long offset = Long.BYTES;

    /** Begins a file on a stream, which the caller closes. */
    public ArrayFileWriter(OutputStream stream) throws IOException {
        this.stream = stream;
        stream.write(ByteBuffer.allocate(Long.BYTES).putLong(MAGIC).array());
    }

    /** Writes a file of given arrays. */
    public static void write(OutputStream stream, byte[]... arrays) throws IOException {
        ArrayFileWriter writer = new ArrayFileWriter(stream);
        for (byte[] array : arrays) {
            writer.add(array, array.length);
        }
        writer.finish();
    }

    /** Adds the first bytes of an array. */
    public void add(byte[] array, int length) throws IOException {
        if (table.remaining() < ENTRY) {
            table = ByteBuffer.allocate(Math.multiplyExact(table.capacity(), 2)).put(table.flip());
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
