package io.rootstock.trainer.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.torch.DType;
import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.Samples;
import io.rootstock.trainer.engine.cpu.CpuDevice;
import io.rootstock.trainer.engine.cpu.CpuFlatBuffers;
import io.rootstock.trainer.engine.device.FlatBuffers;
import io.rootstock.trainer.engine.device.ReplicaThreads;
import io.rootstock.trainer.engine.model.Operators;
import io.rootstock.trainer.engine.model.ParameterLayout;
import io.rootstock.trainer.engine.model.Tuning;
import io.rootstock.trainer.engine.model.WeightBuffer;
import io.rootstock.trainer.engine.optimizer.Muon;
import io.rootstock.trainer.engine.optimizer.Optimizer;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Gradient norm, clipping and AdamW by the GPU's kernels, compared with the CPU's. */
class CudaFlatBuffersTest {
    private static final Optimizer.Settings SETTINGS = new Optimizer.Settings(0.9, 0.95, 1e-8, 0.1, 1);
    private static final ModelShape SHAPE = Samples.shapes().getFirst();
    private static final ParameterLayout LAYOUT = ParameterLayout.trained(SHAPE, new Tuning.Full());

    private static HostCalls host;

    @BeforeAll
    static void compile() throws Exception {
        host = HostCalls.compiled(DType.BFLOAT16);
    }

    private static CudaFlatBuffers onGpu() {
        return new CudaFlatBuffers(
                host,
                new WeightBuffer(LAYOUT, DType.FLOAT32, DType.BFLOAT16),
                Tensor.zeros(DType.FLOAT32, LAYOUT.elements()),
                Tensor.zeros(DType.FLOAT32, LAYOUT.elements()));
    }

    private static void fill(FlatBuffers buffers, long seed) {
        fill(buffers.weights().master(), seed);
        fill(buffers.gradients().getFirst(), seed + 1);
    }

    private static void fill(Tensor tensor, long seed) {
        Random random = new Random(seed);
        float[] values = new float[(int) tensor.elements()];
        for (int index = 0; index < values.length; index++) {
            values[index] = (float) random.nextGaussian();
        }
        try (Tensor given = Tensor.of(values, values.length)) {
            Operators.COPY.run(tensor, given);
        }
    }

    @Test
    void updatesMatchTheCpu() {
        try (ReplicaThreads threads = new ReplicaThreads(new CpuDevice(true), 1);
                FlatBuffers expected = new CpuFlatBuffers(LAYOUT, DType.FLOAT32, DType.BFLOAT16, 1);
                CudaFlatBuffers found = onGpu()) {
            fill(expected, 1);
            fill(found, 1);
            for (int step = 1; step <= 3; step++) {
                fill(expected.gradients().getFirst(), step);
                fill(found.gradients().getFirst(), step);
                double squares = expected.sumReplicas(threads, 1);
                assertThat(found.sumReplicas(threads, 1)).isCloseTo(squares, within(1e-6 * squares));
                expected.update(threads, new Optimizer.Step(step, 0.01, SETTINGS, Math.sqrt(squares)));
                found.update(threads, new Optimizer.Step(step, 0.01, SETTINGS, Math.sqrt(squares)));
            }
            assertThat(difference(found.weights().master(), expected.weights().master()))
                    .isLessThan(1e-6);
            assertThat(difference(found.state().firstMoment(), expected.state().firstMoment()))
                    .isLessThan(1e-6);
            assertThat(difference(found.state().secondMoment(), expected.state().secondMoment()))
                    .isLessThan(1e-6);
            assertThat(found.weights().compute().toDoubles())
                    .isEqualTo(rounded(found.weights().master()));
            found.clearGradients(threads);
            assertThat(found.sumReplicas(threads, 1)).isZero();
        }
    }

    @Test
    void theConditionalUpdateMatchesTheUnconditionalUpdate() {
        try (ReplicaThreads threads = new ReplicaThreads(new CpuDevice(true), 1);
                CudaFlatBuffers expected = onGpu();
                CudaFlatBuffers found = onGpu();
                Tensor loss = Tensor.of(new double[] {12}, 1)) {
            fill(expected, 2);
            fill(found, 2);
            double norm = Math.sqrt(expected.sumReplicas(threads, 1));
            expected.update(threads, new Optimizer.Step(1, 0.01, SETTINGS, norm));
            found.measure();
            assertThat(Math.sqrt(found.squares())).isEqualTo(norm);
            found.updateIfFinite(
                    loss,
                    CudaFlatBuffers.bounds(SETTINGS, 3.1, 0.25),
                    CudaFlatBuffers.adamwSettings(1, 0.01, SETTINGS));
            assertThat(found.updated()).isTrue();
            assertThat(found.weights().master().toDoubles())
                    .isEqualTo(expected.weights().master().toDoubles());
        }
    }

    @Test
    void spikesAndNonFiniteValuesDoNotUpdate() {
        try (CudaFlatBuffers buffers = onGpu()) {
            fill(buffers, 3);
            double[] before = buffers.weights().master().toDoubles();
            for (double loss : new double[] {13, Double.NaN, Double.POSITIVE_INFINITY}) {
                buffers.measure();
                try (Tensor sum = Tensor.of(new double[] {loss}, 1)) {
                    buffers.updateIfFinite(
                            sum,
                            CudaFlatBuffers.bounds(SETTINGS, 3.1, 0.25),
                            CudaFlatBuffers.adamwSettings(1, 0.01, SETTINGS));
                }
                assertThat(buffers.updated()).as("a loss of " + loss).isFalse();
            }
            try (Tensor sum = Tensor.of(new double[] {1}, 1);
                    Tensor infinite = Tensor.of(new float[] {Float.NaN}, 1)) {
                Operators.COPY.run(buffers.gradients().getFirst().slice(7, 1), infinite);
                buffers.measure();
                buffers.updateIfFinite(
                        sum,
                        CudaFlatBuffers.bounds(SETTINGS, Double.POSITIVE_INFINITY, 1),
                        CudaFlatBuffers.adamwSettings(1, 0.01, SETTINGS));
                assertThat(buffers.updated()).isFalse();
            }
            assertThat(buffers.weights().master().toDoubles()).isEqualTo(before);
            assertThat(Samples.largest(buffers.state().firstMoment().toDoubles()))
                    .isZero();
        }
    }

    @Test
    void muonIsRefused() {
        Optimizer.Settings muon = new Optimizer.Settings(0.9, 0.95, 1e-8, 0.1, 1, Optional.of(Muon.Settings.DEFAULT));
        assertThatThrownBy(() -> CudaFlatBuffers.adamwSettings(1, 0.01, muon))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("optimizer: Muon")
                .hasMessageContaining("ROOTSTOCK_DEVICE=cpu");
    }

    private static double[] rounded(Tensor master) {
        try (Tensor rounded = Operators.CONVERT.call(master, DType.BFLOAT16)) {
            return rounded.toDoubles();
        }
    }

    private static double difference(Tensor left, Tensor right) {
        return Samples.largestDifference(left.toDoubles(), right.toDoubles());
    }
}
