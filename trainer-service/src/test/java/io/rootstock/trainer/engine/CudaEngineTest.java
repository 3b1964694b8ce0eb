package io.rootstock.trainer.engine;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.torch.DType;
import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.cuda.HostCalls;
import io.rootstock.trainer.engine.cuda.HostDevice;
import io.rootstock.trainer.engine.model.AdapterTarget;
import io.rootstock.trainer.engine.model.Recomputation;
import io.rootstock.trainer.engine.model.Tuning;
import io.rootstock.trainer.engine.optimizer.Optimizer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares training steps with the GPU's kernels and buffers, compiled for the host, with the CPU's. */
class CudaEngineTest {
    private static final Optimizer.Settings SETTINGS = new Optimizer.Settings(0.9, 0.95, 1e-8, 0.1, 1);
    private static final Execution EXECUTION = new Execution(Precision.FLOAT32, 1, Recomputation.NONE, false);

    private static HostCalls host;

    @BeforeAll
    static void compile() throws Exception {
        host = HostCalls.compiled(DType.FLOAT32);
    }

    @ParameterizedTest
    @Tag("matrix")
    @MethodSource("io.rootstock.trainer.engine.Samples#shapeStream")
    void stepsMatchTheCpu(ModelShape shape) {
        int length = shape.contextLength();
        requireSame(
                shape,
                new Tuning.Full(),
                List.of(Samples.batch(shape, 2, length, 1), Samples.batch(shape, 3, length - 2, 2)));
    }

    @Test
    void adapterStepsMatchTheCpu() {
        ModelShape shape = Samples.shapes().get(1);
        Tuning adapters = new Tuning.LowRank(4, 8, false, Set.of(AdapterTarget.values()));
        requireSame(shape, adapters, List.of(Samples.batch(shape, 3, shape.contextLength(), 1)));
    }

    @Test
    void preferenceStepsMatchTheCpu() {
        ModelShape shape = Samples.shapes().getFirst();
        requireSame(shape, new Tuning.Full(), List.of(Samples.pairs(shape, 2, shape.contextLength(), 0.1, 3)));
    }

    private static void requireSame(ModelShape shape, Tuning tuning, List<Batch> batches) {
        try (Engine expected = Engine.create(shape, tuning, EXECUTION);
                Engine found = Engine.create(shape, tuning, EXECUTION, new HostDevice(host))) {
            expected.initialize(3);
            found.initialize(3);
            for (int step = 0; step < 3; step++) {
                StepResult right = expected.step(batches, 1e-3, SETTINGS);
                StepResult result = found.step(batches, 1e-3, SETTINGS);
                assertThat(result.meanLoss()).isCloseTo(right.meanLoss(), within(1e-5 * right.meanLoss()));
                assertThat(result.gradientNorm()).isCloseTo(right.gradientNorm(), within(1e-4 * right.gradientNorm()));
            }
            assertThat(found.optimizerStep()).isEqualTo(3);
            assertThat(Samples.largestDifference(weights(found), weights(expected)))
                    .isLessThan(1e-4);
            double loss = expected.loss(batches.getFirst()).mean();
            assertThat(found.loss(batches.getFirst()).mean()).isCloseTo(loss, within(1e-4 * loss));
        }
    }

    private static double[] weights(Engine engine) {
        float[] values = engine.masterWeights().toArray(JAVA_FLOAT);
        double[] weights = new double[values.length];
        for (int index = 0; index < weights.length; index++) {
            weights[index] = values[index];
        }
        return weights;
    }
}
