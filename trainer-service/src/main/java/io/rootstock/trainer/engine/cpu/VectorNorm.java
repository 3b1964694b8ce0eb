package io.rootstock.trainer.engine.cpu;

import static io.rootstock.trainer.engine.cpu.Lanes.COUNT;
import static io.rootstock.trainer.engine.cpu.Lanes.FLOATS;
import static io.rootstock.trainer.engine.cpu.Lanes.get;
import static io.rootstock.trainer.engine.cpu.Lanes.load;
import static io.rootstock.trainer.engine.cpu.Lanes.put;
import static io.rootstock.trainer.engine.cpu.Lanes.store;

import jdk.incubator.vector.FloatVector;

/**
 * Root-mean-square norm (Zhang and Sennrich 2019) of single rows, forward and backward. Parameters of the type long are
 * addresses, except the element index of a row.
 *
 * @param width elements of a row
 * @param epsilon added to the mean square
 * @param rowsBf16 whether the rows and their gradients are bfloat16; float32 otherwise
 * @param outputBf16 whether the normalized rows and their gradients are bfloat16; float32 otherwise
 */
record VectorNorm(int width, float epsilon, boolean rowsBf16, boolean outputBf16) {
    /** Normalizes the row at the element index {@code base} of input and output; returns 1 / RMS. */
    float forward(long in, long gains, long out, long base) {
        FloatVector squares = FloatVector.zero(FLOATS);
        int column = 0;
        for (; column <= width - COUNT; column += COUNT) {
            FloatVector x = load(in, base + column, rowsBf16);
            squares = x.fma(x, squares);
        }
        float sum = ExactLanes.sum(squares);
        for (; column < width; column++) {
            float x = get(in, base + column, rowsBf16);
            sum += x * x;
        }
        float inverse = (float) (1 / Math.sqrt(sum / width + epsilon));
        for (column = 0; column <= width - COUNT; column += COUNT) {
            FloatVector y = load(in, base + column, rowsBf16).mul(inverse).mul(load(gains, column));
            store(y, out, base + column, outputBf16);
        }
        for (; column < width; column++) {
            put(get(in, base + column, rowsBf16) * inverse * get(gains, column), out, base + column, outputBf16);
        }
        return inverse;
    }

    /** Writes the gradient of the row at the element index {@code base}; adds to the gain's gradient [width]. */
    void backward(long given, long in, long gains, long out, float inverse, long base, float[] dGain) {
        float mean = backwardSums(given, in, gains, inverse, base, dGain) / width;
        backwardRow(given, in, gains, out, inverse, mean, base);
    }

    /** Adds gradient * normalized to the gain's gradient; returns the row's sum of gradient * gain * normalized. */
    private float backwardSums(long given, long in, long gains, float inverse, long base, float[] dGain) {
        FloatVector along = FloatVector.zero(FLOATS);
        int column = 0;
        for (; column <= width - COUNT; column += COUNT) {
            FloatVector dy = load(given, base + column, outputBf16);
            FloatVector normed = load(in, base + column, rowsBf16).mul(inverse);
            dy.fma(normed, FloatVector.fromArray(FLOATS, dGain, column)).intoArray(dGain, column);
            along = dy.mul(load(gains, column)).fma(normed, along);
        }
        float sum = ExactLanes.sum(along);
        for (; column < width; column++) {
            float dy = get(given, base + column, outputBf16);
            float normed = get(in, base + column, rowsBf16) * inverse;
            dGain[column] += dy * normed;
            sum += dy * get(gains, column) * normed;
        }
        return sum;
    }

    /** dx = (gradient * gain - normalized * mean) / RMS. */
    private void backwardRow(long given, long in, long gains, long out, float inverse, float mean, long base) {
        int column = 0;
        for (; column <= width - COUNT; column += COUNT) {
            FloatVector dNormed = load(given, base + column, outputBf16).mul(load(gains, column));
            FloatVector dx = dNormed.sub(load(in, base + column, rowsBf16).mul(inverse * mean));
            store(dx.mul(inverse), out, base + column, rowsBf16);
        }
        for (; column < width; column++) {
            float dNormed = get(given, base + column, outputBf16) * get(gains, column);
            float dx = (dNormed - get(in, base + column, rowsBf16) * inverse * mean) * inverse;
            put(dx, out, base + column, rowsBf16);
        }
    }

    /** Adds to the gain's gradient at an address; does nothing if the gain is frozen (address 0). */
    static void add(float[] dGain, long total) {
        if (total != 0) {
            for (int column = 0; column < dGain.length; column++) {
                put(get(total, column) + dGain[column], total, column);
            }
        }
    }
}
