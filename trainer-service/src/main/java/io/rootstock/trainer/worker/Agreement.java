package io.rootstock.trainer.worker;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import io.rootstock.collectives.Collectives;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What processes that train together must decide alike, though each has a clock and gets signals of its own: what the
 * first one says counts.
 *
 * @param processes the processes
 */
record Agreement(Collectives processes) {
    /** The first process's value. */
    double on(double value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment first = arena.allocateFrom(JAVA_DOUBLE, value);
            processes.broadcast(first, 0);
            return first.get(JAVA_DOUBLE, 0);
        }
    }

    /** The first process's answer. */
    boolean on(boolean value) {
        return on(value ? 1.0 : 0.0) == 1.0;
    }
}
