package io.rootstock.collectives;

/** Element type of a sum. */
public enum Element {
    /** 32-bit floats. */
    FLOAT32(Float.BYTES),
    /** 64-bit floats. */
    FLOAT64(Double.BYTES);

    private final int bytes;

    Element(int bytes) {
        this.bytes = bytes;
    }

    /** Size of an element in bytes. */
    public int bytes() {
        return bytes;
    }
}
