package io.rootstock.trainer.engine.batch;

/** Padded row lengths. */
public final class RowLengths {
    /**
     * Rows up to this length are padded to multiples of 8, longer rows to multiples of 16. libtorch caches a primitive for
     * each matrix shape: hundreds of different row lengths took 400 MB. Multiples of 16 would pad short rows too much (17
     * tokens to 32).
     */
    private static final int SHORT = 64;

    private RowLengths() {}

    /** Padded length of a row, in tokens. */
    public static int padded(int length) {
        int step = length <= SHORT ? 8 : 16;
        return Math.ceilDiv(Math.max(1, length), step) * step;
    }
}
