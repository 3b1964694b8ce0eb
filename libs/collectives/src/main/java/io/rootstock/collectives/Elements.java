package io.rootstock.collectives;

import java.lang.foreign.MemorySegment;

/** Validates buffers before native calls. */
final class Elements {
    private Elements() {}

    /** Number of elements in a buffer. */
    static long count(MemorySegment values, Element element) {
        offHeap(values);
        if (values.byteSize() % element.bytes() != 0) {
            throw new IllegalArgumentException(
                    values.byteSize() + " bytes are not a whole number of " + element + " elements");
        }
        return values.byteSize() / element.bytes();
    }

    static void offHeap(MemorySegment values) {
        if (!values.isNative()) {
            throw new IllegalArgumentException("a buffer must lie off the Java heap");
        }
    }
}
