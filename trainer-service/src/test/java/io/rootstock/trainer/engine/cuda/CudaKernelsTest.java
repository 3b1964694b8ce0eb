package io.rootstock.trainer.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.Samples;
import io.rootstock.trainer.engine.aten.AtenKernels;
import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.BatchLimits;
import io.rootstock.trainer.engine.batch.BatchShard;
import io.rootstock.trainer.engine.batch.TargetWeights;
import io.rootstock.trainer.engine.model.Kernels;
import io.rootstock.trainer.engine.model.Llama;
import io.rootstock.trainer.engine.model.Operators;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The GPU's kernels, compiled for the host, compared with libtorch's operators. */
class CudaKernelsTest {
    private static HostCalls singles;
    private static HostCalls halves;

    @BeforeAll
    static void compile() throws Exception {
        singles = HostCalls.compiled(DType.FLOAT32);
        halves = HostCalls.compiled(DType.BFLOAT16);
    }

    /** Loss and gradient of one shard. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Outcome(double loss, double[] gradient) {}

    @ParameterizedTest
    @MethodSource("io.rootstock.trainer.engine.Samples#shapeStream")
    void lossAndGradientMatchLibtorch(ModelShape shape) {
        Outcome expected = outcome(shape, DType.FLOAT32, null);
        Outcome found = outcome(shape, DType.FLOAT32, singles);
        double scale = Samples.largest(expected.gradient());
        assertThat(scale).isGreaterThan(0.1);
        assertThat(found.loss()).isCloseTo(expected.loss(), within(1e-5 * expected.loss()));
        assertThat(Samples.largestDifference(found.gradient(), expected.gradient()))
                .isLessThan(2e-5 * scale);
    }

    @ParameterizedTest
    @Tag("matrix")
    @MethodSource("io.rootstock.trainer.engine.Samples#shapeStream")
    void bfloat16LossAndGradientMatchLibtorch(ModelShape shape) {
        Outcome expected = outcome(shape, DType.BFLOAT16, null);
        Outcome found = outcome(shape, DType.BFLOAT16, halves);
        assertThat(found.loss()).isCloseTo(expected.loss(), within(2e-3 * expected.loss()));
        assertThat(Samples.cosine(found.gradient(), expected.gradient())).isGreaterThan(0.9995);
    }

    private static Outcome outcome(ModelShape shape, DType computeType, HostCalls cuda) {
        Batch batch = Samples.batch(shape, 3, shape.contextLength(), 1);
        BatchShard shard =
                BatchShard.split(batch, 1, BatchLimits.of(shape), false).getFirst();
        try (Scope _ = Scope.open();
                HostModel host = HostModel.of(shape, computeType, cuda)) {
            Llama model = host.model();
            double loss = model.lossAndGradient(shard, 0.25, host.gradients());
            double evaluated = model.loss(shard);
            assertThat(evaluated).isCloseTo(loss, within(1e-5 * loss));
            return new Outcome(loss, host.flat().toDoubles());
        }
    }

    @Test
    void targetAndSmoothingWeightsMatchLibtorch() {
        ModelShape shape = Samples.shapes().getLast();
        int[] targets = {4, 0, 2, 2};
        TargetWeights weights = new TargetWeights(new double[] {0.5, 1, 0, 2}, new double[] {0.1, 0.2, 0, 0.3, 0.05});
        try (Scope _ = Scope.open()) {
            Tensor expected = random(1, 4, 5);
            Tensor found = random(1, 4, 5);
            Kernels aten = new AtenKernels(shape, DType.FLOAT32, DType.FLOAT32);
            CudaKernels cuda = new CudaKernels(singles, shape, DType.FLOAT32);
            double loss = aten.crossEntropyBackward(expected, targets, weights, 0.7);
            assertThat(cuda.crossEntropyBackward(found, targets, weights, 0.7)).isZero();
            assertThat(cuda.takeDeferredLoss()).isCloseTo(loss, within(1e-5));
            assertThat(cuda.takeDeferredLoss()).isZero();
            assertThat(Samples.largestDifference(found.toDoubles(), expected.toDoubles()))
                    .isLessThan(1e-6);
        }
    }

    @Test
    void crossEntropyOfAWideRowMatchesLibtorch() {
        ModelShape shape = Samples.shapes().getFirst();
        try (Scope _ = Scope.open()) {
            Tensor expected = random(2, 3, 5003);
            Tensor found = random(2, 3, 5003);
            int[] targets = {0, 5002, 77};
            Kernels aten = new AtenKernels(shape, DType.FLOAT32, DType.FLOAT32);
            Kernels cuda = new CudaKernels(singles, shape, DType.FLOAT32);
            assertThat(Samples.largestDifference(
                            cuda.crossEntropy(found, targets), aten.crossEntropy(expected, targets)))
                    .isLessThan(1e-5);
            aten.crossEntropyBackward(expected, targets, TargetWeights.plain(3), 1);
            cuda.crossEntropyBackward(found, targets, TargetWeights.plain(3), 1);
            assertThat(Samples.largestDifference(found.toDoubles(), expected.toDoubles()))
                    .isLessThan(1e-6);
        }
    }

    @Test
    void rowSumsOverSeveralChunksMatchLibtorch() {
        ModelShape shape = Samples.shapes().getFirst();
        try (Scope _ = Scope.open()) {
            Tensor rows = random(3, 1000, 33);
            Tensor expected = random(4, 33);
            Tensor found = random(4, 33);
            new AtenKernels(shape, DType.FLOAT32, DType.FLOAT32).accumulateRows(expected, rows);
            new CudaKernels(singles, shape, DType.FLOAT32).accumulateRows(found, rows);
            assertThat(Samples.largestDifference(found.toDoubles(), expected.toDoubles()))
                    .isLessThan(1e-4);
        }
    }

    @Test
    void bfloat16RoundsAsLibtorchDoes() {
        ModelShape shape = Samples.shapes().getFirst();
        float[] values = {
            1 + 1 / 256f,
            1 + 3 / 256f,
            -0f,
            Float.MIN_VALUE,
            Float.MAX_VALUE,
            Float.NaN,
            Float.NEGATIVE_INFINITY,
            3.14159f
        };
        try (Scope _ = Scope.open()) {
            Tensor wide = Tensor.of(values, values.length);
            Kernels cuda = new CudaKernels(halves, shape, DType.BFLOAT16);
            assertThat(cuda.toComputeType(wide).toDoubles())
                    .isEqualTo(Operators.CONVERT.call(wide, DType.BFLOAT16).toDoubles())
                    .startsWith(1.0, 1.015625);
            assertThat(cuda.toMasterType(cuda.toComputeType(wide)).toDoubles()[7])
                    .isEqualTo(3.140625);
        }
    }

    @Test
    void positionsAreSortedByTokenThenPosition() {
        assertThat(CudaKernels.byToken(new int[] {7, 2, 7, 0, 2})).containsExactly(3, 1, 4, 0, 2);
    }

    private static Tensor random(long seed, long... sizes) {
        Random random = new Random(seed);
        long count = 1;
        for (long size : sizes) {
            count *= size;
        }
        float[] values = new float[(int) count];
        for (int index = 0; index < values.length; index++) {
            values[index] = (float) random.nextGaussian();
        }
        return Tensor.of(values, sizes);
    }
}
