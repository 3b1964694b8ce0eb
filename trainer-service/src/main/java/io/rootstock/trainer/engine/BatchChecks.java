package io.rootstock.trainer.engine;

/** Checks of a batch's arrays: native kernels trust their indices, so that a wrong one must end here. */
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

    static void range(String name, int[] values, int limit) {
        for (int index = 0; index < values.length; index++) {
            if (values[index] < 0 || values[index] >= limit) {
                throw new IllegalArgumentException(
                        name + "[" + index + "] must lie in 0.." + (limit - 1) + ", was " + values[index]);
            }
        }
    }
}
