package io.rootstock.trainer.engine.batch;

/** Checks of array sizes and index ranges; each failure is an {@link IllegalArgumentException}. */
final class BatchChecks {
    private BatchChecks() {}

    static void tokens(int rows, int length, int[] tokens) {
        if (rows < 1 || length < 1) {
            throw new IllegalArgumentException("a batch needs rows and tokens, was " + rows + " x " + length);
        }
        size("tokens", tokens, Math.multiplyExact(rows, length));
    }

    static void size(String name, int[] values, int expected) {
        if (values.length != expected) {
            throw new IllegalArgumentException(name + " must have " + expected + " entries, has " + values.length);
        }
    }

    /** Requires every value to lie in 0..limit-1. */
    static void range(String name, int[] values, int limit) {
        for (int index = 0; index < values.length; index++) {
            if (values[index] < 0 || values[index] >= limit) {
                throw new IllegalArgumentException(
                        name + "[" + index + "] must lie in 0.." + (limit - 1) + ", was " + values[index]);
            }
        }
    }
}
