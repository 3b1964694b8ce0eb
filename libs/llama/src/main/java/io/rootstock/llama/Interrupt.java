package io.rootstock.llama;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Interrupts a decode from another thread. llama.cpp calls its abort callback after every operation of the graph; an
 * upcall into Java would cost microseconds each in a native image. Therefore the callback is C's {@code strlen}, whose
 * argument is a string of length 0 or 1: the length is the result, and an interrupt writes one byte.
 */
final class Interrupt {
    private final MemorySegment string = Arena.ofAuto().allocate(8);

    /** C's {@code strlen}, which a dependency of every library exports. */
    static MemorySegment callback(NativeCalls calls) {
        return calls.pointer("strlen");
    }

    /** Argument of the callback. */
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
