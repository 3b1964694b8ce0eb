package io.rootstock.collectives;

import java.lang.foreign.MemorySegment;

/** Element type of a sum. */
public enum Element {
    /** 32-bit floats. */
    FLOAT32(Float.BYTES),
    /** 64-bit floats. */
    FLOAT64(Double.BYTES);

    private final int bytes;

    Element(int bytes) {
        this.bytes = bytes;
    }

    /** Size of an element in bytes. */
    public int bytes() {
        return bytes;
    }

    /**
     * Number of elements in a buffer.
     *
     * @throws IllegalArgumentException if the buffer lies on the Java heap, or does not end with an element
     */
    long count(MemorySegment values) {
        requireOffHeap(values);
        if (values.byteSize() % bytes != 0) {
            throw new IllegalArgumentException(
                    values.byteSize() + " bytes are not a whole number of " + this + " elements");
        }
        return values.byteSize() / bytes;
    }

    static void requireOffHeap(MemorySegment values) {
        if (!values.isNative()) {
            throw new IllegalArgumentException("a buffer must lie off the Java heap");
        }
    }
}
