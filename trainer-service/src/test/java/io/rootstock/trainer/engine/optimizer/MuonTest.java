package io.rootstock.trainer.engine.optimizer;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.Engine;
import io.rootstock.trainer.engine.Precision;
import io.rootstock.trainer.engine.Samples;
import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.model.ParameterView;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MuonTest {
    private static final ModelShape SHAPE = Samples.shapes().getFirst();
    private static final Optimizer.Settings SETTINGS =
            new Optimizer.Settings(0.9, 0.95, 1e-8, 0.1, 1, Optional.of(Muon.Settings.DEFAULT));
    private static final Optimizer.Settings ADAMW = new Optimizer.Settings(0.9, 0.95, 1e-8, 0.1, 1);

    @Test
    void aStepIsMuonForLayerMatricesAndAdamWForOtherParameters() {
        Batch batch = Samples.batch(SHAPE, 2, 12, 1);
        try (Engine engine = Samples.float64(SHAPE);
                Engine reference = Samples.float64(SHAPE)) {
            double norm = engine.gradient(List.of(batch)).gradientNorm();
            double[] gradient = engine.lastGradient();
            double[] before = engine.masterWeights().toArray(JAVA_DOUBLE);
            engine.step(List.of(batch), 0.01, SETTINGS);
            reference.step(List.of(batch), 0.01, ADAMW);
            double[] after = engine.masterWeights().toArray(JAVA_DOUBLE);
            double[] adamw = reference.masterWeights().toArray(JAVA_DOUBLE);
            int offset = 0;
            for (ParameterView view : engine.parameters()) {
                int size = (int) view.elements();
                double[] expected = new double[size];
                if (view.name().startsWith("model.layers.") && view.shape().length == 2) {
                    double[] clipped = new double[size];
                    for (int i = 0; i < size; i++) {
                        // first step of Nesterov momentum: 0.95 * g + g
                        clipped[i] = 1.95 * gradient[offset + i] / Math.max(1, norm);
                    }
                    int rows = (int) view.shape()[0];
                    double[] direction = newtonSchulz(clipped, rows, size / rows);
                    double scale = 0.2 * Math.sqrt(Math.max(rows, size / rows));
                    for (int i = 0; i < size; i++) {
                        expected[i] = before[offset + i] * (1 - 0.01 * 0.1) - 0.01 * scale * direction[i];
                    }
                } else {
                    System.arraycopy(adamw, offset, expected, 0, size);
                }
                for (int i = 0; i < size; i++) {
                    assertThat(after[offset + i]).as(view.name()).isCloseTo(expected[i], within(1e-7));
                }
                offset += size;
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"FLOAT32", "BFLOAT16"})
    void singularValuesAreCloseToOne(DType computeType) {
        double[] values = new double[24 * 16];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        try (Tensor matrix = Tensor.of(floats, 24, 16);
                Scope _ = Scope.open()) {
            double[] x = Muon.orthogonal(matrix, computeType, 5).toDoubles();
            // The trace of X^T X is the sum of 16 squared singular values.
            double trace = 0;
            for (double value : x) {
                trace += value * value;
            }
            assertThat(trace / 16).isBetween(0.5, 1.4);
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void overfitsASingleBatch(Precision precision) {
        Batch batch = Samples.batch(SHAPE, 4, 12, 1);
        try (Engine engine = Engine.create(SHAPE, precision, 2)) {
            engine.initialize(1);
            for (int step = 0; step < 60; step++) {
                engine.step(List.of(batch), 0.01, SETTINGS);
            }
            assertThat(engine.loss(batch).mean()).isLessThan(0.5);
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void resumingFromACheckpointIsBitIdentical(Precision precision) {
        assertThat(weightsAfterSteps(precision, 3)).isEqualTo(weightsAfterSteps(precision, 0));
    }

    private static byte[] weightsAfterSteps(Precision precision, int replacedAfter) {
        Engine engine = Engine.create(SHAPE, precision, 2);
        try {
            engine.initialize(7);
            for (int step = 1; step <= 6; step++) {
                engine.step(List.of(Samples.batch(SHAPE, 3, 12, step)), 0.01, SETTINGS);
                if (step == replacedAfter) {
                    engine = Samples.replaced(engine, precision, 2);
                }
            }
            return engine.masterWeights().toArray(JAVA_BYTE);
        } finally {
            engine.close();
        }
    }

    @Test
    void stepsLeaveNoTensorBehind() {
        try (Engine engine = Engine.create(SHAPE, Precision.BFLOAT16, 2)) {
            engine.initialize(1);
            long resident = Tensor.live();
            engine.step(List.of(Samples.batch(SHAPE, 3, 12, 1)), 0.01, SETTINGS);
            assertThat(Tensor.live()).isEqualTo(resident);
        }
    }

    /** The Newton-Schulz iteration in plain loops, always on X X^T. */
    private static double[] newtonSchulz(double[] matrix, int rows, int columns) {
        double norm = 1e-7;
        double squares = 0;
        for (double value : matrix) {
            squares += value * value;
        }
        norm += Math.sqrt(squares);
        double[] x = matrix.clone();
        for (int i = 0; i < x.length; i++) {
            x[i] /= norm;
        }
        for (int iteration = 0; iteration < 5; iteration++) {
            double[] square = product(x, x, rows, columns, rows, true);
            double[] fourth = product(square, square, rows, rows, rows, false);
            double[] both = new double[square.length];
            for (int i = 0; i < both.length; i++) {
                both[i] = -4.7750 * square[i] + 2.0315 * fourth[i];
            }
            double[] added = product(both, x, rows, rows, columns, false);
            for (int i = 0; i < x.length; i++) {
                x[i] = 3.4445 * x[i] + added[i];
            }
        }
        return x;
    }

    /** left [rows,inner] times right [inner,columns], or its transpose. */
    private static double[] product(
            double[] left, double[] right, int rows, int inner, int columns, boolean transposed) {
        double[] result = new double[rows * columns];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                double sum = 0;
                for (int k = 0; k < inner; k++) {
                    sum += left[row * inner + k]
                            * (transposed ? right[column * inner + k] : right[k * columns + column]);
                }
                result[row * columns + column] = sum;
            }
        }
        return result;
    }
}
