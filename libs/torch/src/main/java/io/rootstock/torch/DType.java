package io.rootstock.torch;

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

    static DType ofCode(int code) {
        for (DType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new IllegalArgumentException("libtorch element type " + code + " is not among those supported");
    }
}
