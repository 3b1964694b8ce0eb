package io.rootstock.corpus.engine.format;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Growing array of big-endian numbers. */
public final class ByteBuilder {
    private ByteBuffer bytes;

    /** @param capacity bytes reserved at the beginning */
    public ByteBuilder(int capacity) {
        bytes = ByteBuffer.allocate(capacity);
    }

    /** Appends 8 bytes. */
    public ByteBuilder putLong(long value) {
        reserve(Long.BYTES).putLong(value);
        return this;
    }

    /** Appends 4 bytes. */
    public ByteBuilder putInt(int value) {
        reserve(Integer.BYTES).putInt(value);
        return this;
    }

    /** Number of bytes. */
    public int length() {
        return bytes.position();
    }

    /** Returns a copy of the bytes. */
    public byte[] toArray() {
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    /** Returns the bytes of builders, and releases the memory of each. */
    public static byte[][] toArrays(ByteBuilder[] builders) {
        byte[][] arrays = new byte[builders.length][];
        for (int i = 0; i < builders.length; i++) {
            arrays[i] = builders[i].toArray();
            builders[i] = null;
        }
        return arrays;
    }

    /** Returns empty builders. */
    public static ByteBuilder[] create(int count) {
        ByteBuilder[] builders = new ByteBuilder[count];
        Arrays.setAll(builders, i -> new ByteBuilder(Long.BYTES));
        return builders;
    }

    private ByteBuffer reserve(int length) {
        if (bytes.remaining() < length) {
            int capacity = Math.max(Math.addExact(bytes.position(), length), grown(bytes.capacity()));
            bytes = ByteBuffer.allocate(capacity).put(bytes.flip());
        }
        return bytes;
    }

    private static int grown(int capacity) {
        return (int) Math.min(Integer.MAX_VALUE - Long.BYTES, 2L * capacity);
    }
}
