package io.rootstock.trainer.engine;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.torch.DType;
import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.model.ParameterView;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GradientTest {
    @ParameterizedTest
    @MethodSource("io.rootstock.trainer.engine.Samples#shapeStream")
    void gradientsMatchFiniteDifferences(ModelShape shape) {
        Batch batch = Samples.batch(shape, 3, shape.contextLength(), 1);
        try (Engine engine = Samples.float64(shape)) {
            engine.gradient(List.of(batch));
            double[] gradient = engine.lastGradient();
            SplittableRandom random = new SplittableRandom(2);
            MemorySegment weights = engine.masterWeights();
            long offset = 0;
            for (ParameterView parameter : engine.parameters()) {
                for (int sample = 0; sample < 8; sample++) {
                    long index = offset + random.nextLong(parameter.elements());
                    assertThat(gradient[(int) index])
                            .as(parameter.name() + " at " + (index - offset))
                            .isCloseTo(slope(engine, batch, weights, index), within(1e-8));
                }
                offset += parameter.elements();
            }
            assertThat(Samples.largest(gradient)).isGreaterThan(0.1);
        }
    }

    /** Five-point difference: its error falls with the fourth power of the step. */
    private static double slope(Engine engine, Batch batch, MemorySegment weights, long index) {
        double step = 1e-3;
        double value = weights.getAtIndex(JAVA_DOUBLE, index);
        double[] losses = new double[5];
        for (int point = -2; point <= 2; point++) {
            weights.setAtIndex(JAVA_DOUBLE, index, value + point * step);
            losses[point + 2] = engine.loss(batch).mean();
        }
        weights.setAtIndex(JAVA_DOUBLE, index, value);
        return (losses[0] - 8 * losses[1] + 8 * losses[3] - losses[4]) / (12 * step);
    }

    @ParameterizedTest
    @MethodSource("io.rootstock.trainer.engine.Samples#shapeStream")
    void gradientsMatchAutograd(ModelShape shape) {
        Batch batch = Samples.batch(shape, 3, shape.contextLength() - 1, 1);
        try (Engine engine = Samples.float64(shape)) {
            engine.gradient(List.of(batch));
            double[] expected = AutogradOracle.gradients(engine, batch);
            assertThat(Samples.largestDifference(engine.lastGradient(), expected))
                    .isLessThan(1e-11);
        }
    }

    @ParameterizedTest
    @MethodSource("io.rootstock.trainer.engine.Samples#shapeStream")
    void float32KernelsMatchFloat64(ModelShape shape) {
        Batch batch = Samples.batch(shape, 3, shape.contextLength(), 1);
        double[] exact;
        double exactLoss;
        try (Engine engine = Samples.float64(shape)) {
            exactLoss = engine.gradient(List.of(batch)).lossSum();
            exact = engine.lastGradient();
        }
        double scale = Samples.largest(exact);
        for (boolean vectorKernels : new boolean[] {true, false}) {
            try (Engine engine = Samples.engine(shape, DType.FLOAT32, DType.FLOAT32, vectorKernels, 2)) {
                double loss = engine.gradient(List.of(batch)).lossSum();
                assertThat(loss).isCloseTo(exactLoss, within(1e-5 * exactLoss));
                assertThat(engine.loss(batch).nats()).isCloseTo(exactLoss, within(1e-5 * exactLoss));
                assertThat(Samples.largestDifference(engine.lastGradient(), exact))
                        .as("vector kernels: " + vectorKernels)
                        .isLessThan(2e-5 * scale);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.rootstock.trainer.engine.Samples#shapeStream")
    void bfloat16IsCloseToFloat64(ModelShape shape) {
        Batch batch = Samples.batch(shape, 3, shape.contextLength(), 1);
        double[] exact;
        double exactLoss;
        try (Engine engine = Samples.float64(shape)) {
            exactLoss = engine.gradient(List.of(batch)).lossSum();
            exact = engine.lastGradient();
        }
        for (boolean vectorKernels : new boolean[] {true, false}) {
            try (Engine engine = Samples.engine(shape, DType.FLOAT32, DType.BFLOAT16, vectorKernels, 2)) {
                double loss = engine.gradient(List.of(batch)).lossSum();
                assertThat(loss).isCloseTo(exactLoss, within(0.02 * exactLoss));
                assertThat(Samples.cosine(engine.lastGradient(), exact)).isGreaterThan(0.995);
            }
        }
    }
}
