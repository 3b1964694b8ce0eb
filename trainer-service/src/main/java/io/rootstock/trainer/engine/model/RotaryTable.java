package io.rootstock.trainer.engine.model;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.torch.DType;
import io.rootstock.torch.Tensor;

/**
 * Cosines and sines of the rotary angles in the rotate-half convention: element i of a head is paired with i + d/2.
 *
 * @param cosines [T,1,d], both halves equal
 * @param sines [T,1,d], the first half negated, so that rotated = x * cosines + roll(x, d/2) * sines
 */
public record RotaryTable(Tensor cosines, Tensor sines) implements AutoCloseable {
    /** Computes the table in float64 and rounds it to the element type; T is the context length. */
    public static RotaryTable of(ModelShape shape, DType type) {
        int width = shape.headDimension();
        int half = width / 2;
        double[] cosines = new double[shape.contextLength() * width];
        double[] sines = new double[cosines.length];
        for (int position = 0; position < shape.contextLength(); position++) {
            for (int index = 0; index < half; index++) {
                double angle = position * frequency(shape, index);
                int first = position * width + index;
                cosines[first] = Math.cos(angle);
                cosines[first + half] = cosines[first];
                sines[first] = -Math.sin(angle);
                sines[first + half] = -sines[first];
            }
        }
        return new RotaryTable(tensor(cosines, shape, type), tensor(sines, shape, type));
    }

    private static double frequency(ModelShape shape, int index) {
        double unscaled = Math.pow(shape.ropeTheta(), -2.0 * index / shape.headDimension());
        return shape.ropeScaling().frequency(unscaled);
    }

    private static Tensor tensor(double[] values, ModelShape shape, DType type) {
        Tensor table = Tensor.empty(type, shape.contextLength(), 1, shape.headDimension());
        try (Tensor exact = Tensor.of(values, shape.contextLength(), 1, shape.headDimension())) {
            Operators.COPY.run(table, exact);
        }
        return table;
    }

    @Override
    public void close() {
        cosines.close();
        sines.close();
    }
}
