package io.rootstock.llama;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Ends a decode from another thread. llama.cpp asks its abort callback after every operation of the network; an upcall
 * into Java there would cost microseconds each in a native image. So the callback is C's own {@code strlen}, whose argument
 * is a string of length 0 or 1: the length is the answer, and raising the interrupt writes one byte.
 */
final class Interrupt {
    private final MemorySegment string = Arena.ofAuto().allocate(8);

    /** C's {@code strlen}, which every library's dependencies hold. */
    static MemorySegment callback(NativeCalls calls) {
        return calls.pointer("strlen");
    }

    /** The callback's argument. */
    MemorySegment argument() {
        return string;
    }

    void raise() {
        string.set(JAVA_BYTE, 0, (byte) 1);
    }

    void clear() {
        string.set(JAVA_BYTE, 0, (byte) 0);
    }
}
