package io.rootstock.collectives;

/** Numbers that can be summed. */
public enum Element {
    /** 32-bit floats. */
    FLOAT32(Float.BYTES),
    /** 64-bit floats. */
    FLOAT64(Double.BYTES);

    private final int bytes;

    Element(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of a number. */
    public int bytes() {
        return bytes;
    }
}
