package io.rootstock.trainer.engine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.Samples;
import io.rootstock.trainer.engine.aten.AtenKernels;
import io.rootstock.trainer.engine.aten.AtenRotation;
import io.rootstock.trainer.engine.aten.FlashAttention;
import io.rootstock.trainer.engine.batch.RowSpans;
import io.rootstock.trainer.engine.model.Attention;
import io.rootstock.trainer.engine.model.Kernels;
import io.rootstock.trainer.engine.model.Operators;
import io.rootstock.trainer.engine.model.RotaryTable;
import io.rootstock.trainer.engine.model.Rotation;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttentionTest {
    private static final int ROWS = 3;

    @ParameterizedTest
    @MethodSource("io.rootstock.trainer.engine.Samples#shapeStream")
    void forwardAndBackwardMatchTheReference(ModelShape shape) {
        requireSame(shape, shape.contextLength() - 1);
    }

    /** Row lengths: one position, less than a vector, and around the size of a block of queries. */
    @ParameterizedTest
    @ValueSource(ints = {1, 15, 127, 128, 129, 300})
    void rowsOfSeveralBlocksMatchTheReference(int length) {
        requireSame(new ModelShape(97, 64, 1, 4, 2, 44, 300, 1e-5, 10000, true, 0), length);
    }

    /** Rows of several lengths, within and around a block of queries, including rows of 1 token and of none. */
    @Test
    void paddedRowsMatchUnpaddedRows() {
        ModelShape shape = new ModelShape(97, 64, 1, 4, 2, 44, 300, 1e-5, 10000, true, 0);
        RowSpans.Block block = new RowSpans.Block(0, new int[] {1, 130, 0, 17, 127}, 144);
        int width = (shape.heads() + 2 * shape.keyValueHeads()) * shape.headDimension();
        try (Scope _ = Scope.open()) {
            Attention scores = new ScoreAttention(shape, DType.FLOAT32, RotaryTable.of(shape, DType.FLOAT32));
            Tensor input = random(1, block.tokens(), width);
            Tensor gradient = random(2, block.tokens(), shape.headsWidth());
            Attention.Attended attended = scores.forward(input, block);
            Tensor dInput = scores.backward(attended, gradient, block);
            int start = 0;
            for (int length : new int[] {1, 130, 17, 127}) {
                RowSpans.Block row = new RowSpans.Block(0, new int[] {length}, length);
                Attention.Attended alone = scores.forward(rows(input, start, length), row);
                Tensor dAlone = scores.backward(alone, rows(gradient, start, length), row);
                assertThat(difference(rows(attended.output(), start, length), alone.output()))
                        .isLessThan(1e-6);
                assertThat(difference(rows(dInput, start, length), dAlone)).isLessThan(1e-5);
                start += length;
            }
        }
    }

    private static Tensor rows(Tensor matrix, int start, int count) {
        long width = matrix.sizes()[1];
        return matrix.slice(start * width, count, width);
    }

    private static void requireSame(ModelShape shape, int length) {
        RowSpans.Block block = new RowSpans.Block(0, new int[] {length, length, length}, length);
        int width = (shape.heads() + 2 * shape.keyValueHeads()) * shape.headDimension();
        try (Scope _ = Scope.open()) {
            RotaryTable rotary = RotaryTable.of(shape, DType.FLOAT32);
            Kernels kernels = new AtenKernels(shape, DType.FLOAT32, DType.FLOAT32);
            Rotation rotation = new AtenRotation(shape, DType.FLOAT32, DType.FLOAT32, rotary);
            Tensor input = random(1, ROWS * length, width);
            Tensor gradient = random(2, ROWS * length, shape.headsWidth());

            Attention flash = new FlashAttention(shape, kernels, rotation);
            Attention.Attended expected = flash.forward(input, block);
            Tensor expectedGradient = flash.backward(expected, gradient, block);
            Attention scores = new ScoreAttention(shape, DType.FLOAT32, rotary);
            Attention.Attended attended = scores.forward(input, block);
            assertThat(difference(attended.output(), expected.output())).isLessThan(1e-5);
            assertThat(difference(scores.backward(attended, gradient, block), expectedGradient))
                    .isLessThan(2e-5);

            Attention narrow = new ScoreAttention(shape, DType.BFLOAT16, rotary);
            Tensor narrowInput = Operators.CONVERT.call(input, DType.BFLOAT16);
            Attention.Attended narrowly = narrow.forward(narrowInput, block);
            Tensor narrowGradient = narrow.backward(narrowly, Operators.CONVERT.call(gradient, DType.BFLOAT16), block);
            assertThat(cosine(narrowly.output(), expected.output())).isGreaterThan(0.9999);
            assertThat(cosine(narrowGradient, expectedGradient)).isGreaterThan(0.9999);
        }
    }

    private static double cosine(Tensor narrow, Tensor wide) {
        return Samples.cosine(Operators.CONVERT.call(narrow, DType.FLOAT32).toDoubles(), wide.toDoubles());
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
