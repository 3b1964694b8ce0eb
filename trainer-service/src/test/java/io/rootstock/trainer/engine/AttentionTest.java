package io.rootstock.trainer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AttentionTest {
    @ParameterizedTest
    @MethodSource("io.rootstock.trainer.engine.Samples#shapeStream")
    void bothKindsOfAttentionAgreeForwardAndBackward(ModelShape shape) {
        int rows = 3;
        int length = shape.contextLength() - 1;
        int width = (shape.heads() + 2 * shape.keyValueHeads()) * shape.headDimension();
        try (Scope _ = Scope.open()) {
            RotaryTable rotary = RotaryTable.of(shape, DType.FLOAT32);
            Kernels kernels = new VectorKernels(shape, DType.FLOAT32, rotary);
            Tensor input = random(1, rows * length, width);
            Tensor gradient = random(2, rows * length, shape.headsWidth());

            Attention flash = new FlashAttention(shape, kernels);
            Attention.Attended expected = flash.forward(input, rows, length);
            Attention scores = new ScoreAttention(shape, DType.FLOAT32, rotary);
            Attention.Attended attended = scores.forward(input, rows, length);
            assertThat(difference(attended.output(), expected.output())).isLessThan(1e-5);
            assertThat(difference(
                            scores.backward(attended, gradient, rows, length),
                            flash.backward(expected, gradient, rows, length)))
                    .isLessThan(2e-5);
        }
    }

    private static double difference(Tensor left, Tensor right) {
        return Samples.largestDifference(left.toDoubles(), right.toDoubles());
    }

    private static Tensor random(long seed, int rows, int columns) {
        Random random = new Random(seed);
        float[] values = new float[rows * columns];
        for (int index = 0; index < values.length; index++) {
            values[index] = (float) random.nextGaussian();
        }
        return Tensor.of(values, rows, columns);
    }
}
