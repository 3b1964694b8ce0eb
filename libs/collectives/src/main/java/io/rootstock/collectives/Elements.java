package io.rootstock.collectives;

import java.lang.foreign.MemorySegment;

/** Checks of buffers before native code sees them. */
final class Elements {
    private Elements() {}

    /** How many elements there are. */
    static long count(MemorySegment values, Element element) {
        offHeap(values);
        if (values.byteSize() % element.bytes() != 0) {
            throw new IllegalArgumentException(
                    values.byteSize() + " bytes are no whole number of " + element + " elements");
        }
        return values.byteSize() / element.bytes();
    }

    static void offHeap(MemorySegment values) {
        if (!values.isNative()) {
            throw new IllegalArgumentException("a buffer must lie off the Java heap");
        }
    }
}
