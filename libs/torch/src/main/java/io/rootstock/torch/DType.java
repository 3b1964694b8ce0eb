package io.rootstock.torch;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/** Element types. The codes are those of c10::ScalarType, which libtorch's ABI keeps stable. */
public enum DType {
    /** IEEE 754 binary32: 32-bit float. */
    FLOAT32(6, 4),
    /** IEEE 754 binary64: 64-bit float. */
    FLOAT64(7, 8),
    /** bfloat16: the upper half of a 32-bit float. */
    BFLOAT16(15, 2),
    /** IEEE 754 binary16: 16-bit float. */
    FLOAT16(5, 2),
    /** Signed 64-bit integer, the type of indices. */
    INT64(4, 8),
    /** Signed 32-bit integer. */
    INT32(3, 4),
    /** Unsigned 8-bit integer. */
    UINT8(0, 1),
    /** Boolean: one byte, 0 or 1. */
    BOOL(11, 1);

    private final int code;
    private final int bytes;

    DType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /** Code of c10::ScalarType. */
    public int code() {
        return code;
    }

    /** Size of an element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** Reads an element of an array of this type. */
    double read(MemorySegment memory, long index) {
        return switch (this) {
            case FLOAT32 -> memory.getAtIndex(JAVA_FLOAT, index);
            case FLOAT64 -> memory.getAtIndex(JAVA_DOUBLE, index);
            case BFLOAT16 -> Float.intBitsToFloat(memory.getAtIndex(JAVA_SHORT, index) << 16);
            case FLOAT16 -> Float.float16ToFloat(memory.getAtIndex(JAVA_SHORT, index));
            case INT64 -> memory.getAtIndex(JAVA_LONG, index);
            case INT32 -> memory.getAtIndex(JAVA_INT, index);
            case UINT8, BOOL -> memory.get(JAVA_BYTE, index) & 0xff;
        };
    }

    static DType ofCode(int code) {
        for (DType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new IllegalArgumentException("libtorch element type " + code + " is not among those supported");
    }
}
