package io.rootstock.trainer.engine.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Loads and stores of float vectors and scalars at native addresses, from and to float32 or bfloat16 memory. An index
 * counts elements from the address. A bfloat16 run uses both types, so that C2 compiles both branches into every loop:
 * loops must be short for vectors to stay in registers (decision 0102).
 */
final class Lanes {
    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    static final int COUNT = FLOATS.length();

    private static final VectorSpecies<Integer> INTEGERS = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));
    private static final IntVector LOWEST_BIT = IntVector.broadcast(INTEGERS, 1);
    private static final IntVector BELOW_HALF = IntVector.broadcast(INTEGERS, 0x7fff);
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    @SuppressWarnings("restricted") // kernels access libtorch's memory by address
    private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private Lanes() {}

    /** Loads the float32 vector that starts at an index. */
    static FloatVector load(long address, long index) {
        return FloatVector.fromMemorySegment(FLOATS, MEMORY, address + 4 * index, ORDER);
    }

    static void store(FloatVector vector, long address, long index) {
        vector.intoMemorySegment(MEMORY, address + 4 * index, ORDER);
    }

    static float get(long address, long index) {
        return MEMORY.get(JAVA_FLOAT_UNALIGNED, address + 4 * index);
    }

    static void put(float value, long address, long index) {
        MEMORY.set(JAVA_FLOAT_UNALIGNED, address + 4 * index, value);
    }

    /** Loads the vector that starts at an index, from bfloat16 or float32. */
    static FloatVector load(long address, long index, boolean bf16) {
        if (bf16) {
            ShortVector bits = ShortVector.fromMemorySegment(SHORTS, MEMORY, address + 2 * index, ORDER);
            return ((IntVector) bits.convertShape(VectorOperators.ZERO_EXTEND_S2I, INTEGERS, 0))
                    .lanewise(VectorOperators.LSHL, 16)
                    .reinterpretAsFloats();
        }
        return FloatVector.fromMemorySegment(FLOATS, MEMORY, address + 4 * index, ORDER);
    }

    /** Stores a vector as float32, or rounded to the nearest bfloat16, ties to even. */
    static void store(FloatVector vector, long address, long index, boolean bf16) {
        if (bf16) {
            IntVector bits = vector.reinterpretAsInts();
            IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(LOWEST_BIT);
            IntVector rounded = bits.add(odd).add(BELOW_HALF).lanewise(VectorOperators.LSHR, 16);
            ((ShortVector) rounded.convertShape(VectorOperators.I2S, SHORTS, 0))
                    .intoMemorySegment(MEMORY, address + 2 * index, ORDER);
        } else {
            vector.intoMemorySegment(MEMORY, address + 4 * index, ORDER);
        }
    }

    static float get(long address, long index, boolean bf16) {
        return bf16
                ? Float.intBitsToFloat(MEMORY.get(JAVA_SHORT_UNALIGNED, address + 2 * index) << 16)
                : get(address, index);
    }

    static void put(float value, long address, long index, boolean bf16) {
        if (bf16) {
            int bits = Float.floatToRawIntBits(value);
            int rounded = (bits + 0x7fff + (bits >>> 16 & 1)) >>> 16;
            MEMORY.set(JAVA_SHORT_UNALIGNED, address + 2 * index, (short) rounded);
        } else {
            put(value, address, index);
        }
    }

    /** Copies float32 values. */
    static void copy(long from, long fromIndex, long to, long toIndex, long count) {
        MemorySegment.copy(MEMORY, from + 4 * fromIndex, MEMORY, to + 4 * toIndex, 4 * count);
    }

    /** Copies bfloat16 or float32 values without conversion. */
    static void move(long from, long fromIndex, long to, long toIndex, long count, boolean bf16) {
        int bytes = bf16 ? 2 : 4;
        MemorySegment.copy(MEMORY, from + bytes * fromIndex, MEMORY, to + bytes * toIndex, bytes * count);
    }

    /** Adds bfloat16 or float32 values to float32 values. In one loop for both types C2 would box the vectors. */
    static void add(long from, long fromIndex, boolean bf16, long to, long toIndex, long count) {
        if (bf16) {
            addBf16(from + 2 * fromIndex, to + 4 * toIndex, Math.toIntExact(count));
        } else {
            addFloat(from + 4 * fromIndex, to + 4 * toIndex, Math.toIntExact(count));
        }
    }

    private static void addBf16(long from, long to, int count) {
        int index = 0;
        for (; index <= count - COUNT; index += COUNT) {
            store(load(to, index).add(load(from, index, true)), to, index);
        }
        for (; index < count; index++) {
            put(get(to, index) + get(from, index, true), to, index);
        }
    }

    private static void addFloat(long from, long to, int count) {
        int index = 0;
        for (; index <= count - COUNT; index += COUNT) {
            store(load(to, index).add(load(from, index)), to, index);
        }
        for (; index < count; index++) {
            put(get(to, index) + get(from, index), to, index);
        }
    }

    /** Sets values to 0. */
    static void clear(long address, long index, long count, boolean bf16) {
        int bytes = bf16 ? 2 : 4;
        MEMORY.asSlice(address + bytes * index, bytes * count).fill((byte) 0);
    }
}
