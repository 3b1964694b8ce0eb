package io.rootstock.torch;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Native memory of a thread for the argument stack and results of calls, so that a call allocates nothing. */
final class Scratch {
    /** Number of argument slots; the longest schema in use has 16. */
    static final int SLOTS = 64;

    private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

    private final MemorySegment memory = Arena.ofAuto().allocate(8L * (SLOTS + 1), 8);

    private Scratch() {}

    static Scratch ofThread() {
        return OF_THREAD.get();
    }

    /** Address of the argument stack. */
    long stack() {
        return memory.address();
    }

    /** Address of the slot for results of C functions. */
    long result() {
        return memory.address() + 8L * SLOTS;
    }

    long read(int slot) {
        return memory.getAtIndex(JAVA_LONG, slot);
    }

    void write(int slot, long value) {
        memory.setAtIndex(JAVA_LONG, slot, value);
    }

    long readResult() {
        return read(SLOTS);
    }

    void clearResult() {
        write(SLOTS, 0);
    }
}
