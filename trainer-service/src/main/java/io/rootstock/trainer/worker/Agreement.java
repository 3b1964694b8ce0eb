package io.rootstock.trainer.worker;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import io.rootstock.collectives.Collectives;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Gives all ranks of a run the same decisions, although their clocks and signals differ: rank 0 decides.
 *
 * @param processes the ranks
 */
record Agreement(Collectives processes) {
    /** Returns rank 0's value on all ranks. */
    double broadcastFromRank0(double value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment first = arena.allocateFrom(JAVA_DOUBLE, value);
            processes.broadcast(first, 0);
            return first.get(JAVA_DOUBLE, 0);
        }
    }

    /** Returns rank 0's bytes on all ranks; the other ranks' value is ignored. */
    byte[] broadcastFromRank0(byte[] value) {
        int length = (int) broadcastFromRank0((double) value.length);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(length);
            if (processes.rank() == 0) {
                bytes.copyFrom(MemorySegment.ofArray(value));
            }
            processes.broadcast(bytes, 0);
            return bytes.toArray(JAVA_BYTE);
        }
    }

    /** Returns rank 0's decision on all ranks. */
    boolean broadcastFromRank0(boolean value) {
        return broadcastFromRank0(value ? 1.0 : 0.0) == 1.0;
    }
}
