package io.rootstock.trainer.engine;

/** Lengths to which rows are padded. */
public final class RowLengths {
    /**
     * Up to here rows are padded to multiples of 8, longer ones to multiples of 16. Products are prepared for each shape, and
     * kept: rows of all lengths made hundreds of shapes and took 400 MB. Of short rows multiples of 16 pad too much: 17
     * tokens to 32.
     */
    private static final int SHORT = 64;

    private RowLengths() {}

    /** Tokens that a row of this length takes in a padded batch. */
    public static int padded(int length) {
        int step = length <= SHORT ? 8 : 16;
        return Math.ceilDiv(Math.max(1, length), step) * step;
    }
}
