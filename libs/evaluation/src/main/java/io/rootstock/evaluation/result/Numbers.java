package io.rootstock.evaluation.result;

import java.util.Arrays;

/** A growing list of numbers. */
final class Numbers {
    private static final int FIRST_CAPACITY = 1024;

    private double[] values = new double[FIRST_CAPACITY];
    private int size;

    void add(double value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size + size / 2);
        }
        values[size++] = value;
    }

    double get(int index) {
        return values[index];
    }

    int size() {
        return size;
    }

    /** Returns a copy. */
    double[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
