package io.rootstock.trainer.engine;

import static io.rootstock.trainer.engine.Lanes.COUNT;
import static io.rootstock.trainer.engine.Lanes.FLOATS;
import static io.rootstock.trainer.engine.Lanes.get;
import static io.rootstock.trainer.engine.Lanes.load;
import static io.rootstock.trainer.engine.Lanes.put;
import static io.rootstock.trainer.engine.Lanes.store;

import jdk.incubator.vector.FloatVector;

/**
 * Root-mean-square norm of single rows, forward and backward.
 *
 * @param width values of a row
 * @param epsilon added to the mean square
 * @param rowsHalf whether the rows and their gradients are bfloat16; float32 otherwise
 * @param outputHalf whether the normed rows and their gradients are bfloat16; float32 otherwise
 */
record VectorNorm(int width, float epsilon, boolean rowsHalf, boolean outputHalf) {
    /** Norms the row that begins at index {@code base}, in and out; returns one over its root mean square. */
    float forward(long in, long gains, long out, long base) {
        FloatVector squares = FloatVector.zero(FLOATS);
        int column = 0;
        for (; column <= width - COUNT; column += COUNT) {
            FloatVector x = load(in, base + column, rowsHalf);
            squares = x.fma(x, squares);
        }
        float sum = ExactLanes.sum(squares);
        for (; column < width; column++) {
            float x = get(in, base + column, rowsHalf);
            sum += x * x;
        }
        float inverse = (float) (1 / Math.sqrt(sum / width + epsilon));
        for (column = 0; column <= width - COUNT; column += COUNT) {
            FloatVector y = load(in, base + column, rowsHalf).mul(inverse).mul(load(gains, column));
            store(y, out, base + column, outputHalf);
        }
        for (; column < width; column++) {
            put(get(in, base + column, rowsHalf) * inverse * get(gains, column), out, base + column, outputHalf);
        }
        return inverse;
    }

    /** Writes the gradient of the row that begins at index {@code base}; adds its share to the gain's gradient. */
    void backward(long given, long in, long gains, long out, float inverse, long base, float[] ofGain) {
        float mean = backwardSums(given, in, gains, inverse, base, ofGain) / width;
        backwardRow(given, in, gains, out, inverse, mean, base);
    }

    /** Adds the row's share to the gain's gradient; returns the sum over the row of gradient * gain * normed. */
    private float backwardSums(long given, long in, long gains, float inverse, long base, float[] ofGain) {
        FloatVector along = FloatVector.zero(FLOATS);
        int column = 0;
        for (; column <= width - COUNT; column += COUNT) {
            FloatVector dy = load(given, base + column, outputHalf);
            FloatVector normed = load(in, base + column, rowsHalf).mul(inverse);
            dy.fma(normed, FloatVector.fromArray(FLOATS, ofGain, column)).intoArray(ofGain, column);
            along = dy.mul(load(gains, column)).fma(normed, along);
        }
        float sum = ExactLanes.sum(along);
        for (; column < width; column++) {
            float dy = get(given, base + column, outputHalf);
            float normed = get(in, base + column, rowsHalf) * inverse;
            ofGain[column] += dy * normed;
            sum += dy * get(gains, column) * normed;
        }
        return sum;
    }

    /** (gradient * gain - normed * mean) / rms. */
    private void backwardRow(long given, long in, long gains, long out, float inverse, float mean, long base) {
        int column = 0;
        for (; column <= width - COUNT; column += COUNT) {
            FloatVector ofNormed = load(given, base + column, outputHalf).mul(load(gains, column));
            FloatVector dx = ofNormed.sub(load(in, base + column, rowsHalf).mul(inverse * mean));
            store(dx.mul(inverse), out, base + column, rowsHalf);
        }
        for (; column < width; column++) {
            float ofNormed = get(given, base + column, outputHalf) * get(gains, column);
            float dx = (ofNormed - get(in, base + column, rowsHalf) * inverse * mean) * inverse;
            put(dx, out, base + column, rowsHalf);
        }
    }

    /** Adds a gain's gradient to what is there, unless it is frozen (address 0). */
    static void add(float[] ofGain, long total) {
        if (total != 0) {
            for (int column = 0; column < ofGain.length; column++) {
                put(get(total, column) + ofGain[column], total, column);
            }
        }
    }
}
