package io.rootstock.checkpoint.huggingface;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Supported element types. */
enum SafetensorsType {
    F32(4),
    F16(2),
    BF16(2);

    private final int bytes;

    SafetensorsType(int bytes) {
        this.bytes = bytes;
    }

    int bytes() {
        return bytes;
    }

    /** Returns a copy of the elements as 32-bit floats. */
    MemorySegment widen(MemorySegment source, Arena arena) {
        long elements = source.byteSize() / bytes;
        MemorySegment target = arena.allocate(elements * Float.BYTES, Float.BYTES);
        switch (this) {
            case F32 -> target.copyFrom(source);
            case F16 -> {
                for (long i = 0; i < elements; i++) {
                    short half = source.get(ValueLayout.JAVA_SHORT_UNALIGNED, i * Short.BYTES);
                    target.setAtIndex(ValueLayout.JAVA_FLOAT, i, Float.float16ToFloat(half));
                }
            }
            case BF16 -> {
                for (long i = 0; i < elements; i++) {
                    short upper = source.get(ValueLayout.JAVA_SHORT_UNALIGNED, i * Short.BYTES);
                    target.setAtIndex(ValueLayout.JAVA_INT, i, upper << 16);
                }
            }
        }
        return target;
    }
}
