package io.rootstock.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A kernel's arguments in C layout: an array of pointers, one per argument. Not safe for several threads. */
public final class KernelArguments {
    /** Maximum number of arguments of a kernel. */
    public static final int MAX_ARGUMENTS = 32;

    private final MemorySegment pointers;
    private final MemorySegment values;

    /** Allocates space for any kernel's arguments in the arena. */
    public KernelArguments(Arena arena) {
        pointers = arena.allocate(ADDRESS, MAX_ARGUMENTS);
        values = arena.allocate(JAVA_LONG, MAX_ARGUMENTS);
        for (int index = 0; index < MAX_ARGUMENTS; index++) {
            pointers.setAtIndex(ADDRESS, index, values.asSlice(index * JAVA_LONG.byteSize()));
        }
    }

    /**
     * Writes arguments, replacing the previous ones.
     *
     * @param arguments Long for pointers and {@code long long}; Integer, Float or Double for the C types
     * @return the array of pointers
     */
    public MemorySegment write(Object... arguments) {
        if (arguments.length > MAX_ARGUMENTS) {
            throw new IllegalArgumentException(
                    "a kernel has " + MAX_ARGUMENTS + " arguments at most, not " + arguments.length);
        }
        for (int index = 0; index < arguments.length; index++) {
            switch (arguments[index]) {
                case Long value -> values.setAtIndex(JAVA_LONG, index, value);
                case Integer value -> values.set(JAVA_INT, index * JAVA_LONG.byteSize(), value);
                case Float value -> values.set(JAVA_FLOAT, index * JAVA_LONG.byteSize(), value);
                case Double value -> values.setAtIndex(JAVA_DOUBLE, index, value);
                case null, default ->
                    throw new IllegalArgumentException("argument " + index + " is not a long, int, float or double");
            }
        }
        return pointers;
    }
}
