package io.rootstock.torch;

/** Element types. The codes are c10::ScalarType's, which libtorch's ABI keeps. */
public enum DType {
    /** IEEE binary32. */
    FLOAT32(6, 4),
    /** IEEE binary64. */
    FLOAT64(7, 8),
    /** The upper half of a binary32. */
    BFLOAT16(15, 2),
    /** IEEE binary16. */
    FLOAT16(5, 2),
    /** Signed 64-bit integer, the type of indices. */
    INT64(4, 8),
    /** Signed 32-bit integer. */
    INT32(3, 4),
    /** Unsigned 8-bit integer. */
    UINT8(0, 1),
    /** One byte, 0 or 1. */
    BOOL(11, 1);

    private final int code;
    private final int bytes;

    DType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /** libtorch's number for it. */
    public int code() {
        return code;
    }

    /** Bytes of one element. */
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
