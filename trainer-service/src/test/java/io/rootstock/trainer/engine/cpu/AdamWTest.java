package io.rootstock.trainer.engine.cpu;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.torch.DType;
import io.rootstock.trainer.engine.Samples;
import io.rootstock.trainer.engine.aten.AtenAdamW;
import io.rootstock.trainer.engine.device.FlatBuffers;
import io.rootstock.trainer.engine.device.ReplicaThreads;
import io.rootstock.trainer.engine.model.ParameterLayout;
import io.rootstock.trainer.engine.model.Tuning;
import io.rootstock.trainer.engine.optimizer.AdamW;
import io.rootstock.trainer.engine.optimizer.Optimizer;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Compares the fused AdamW with libtorch's operators, on the buffers of a whole model. */
class AdamWTest {
    private static final ModelShape SHAPE = Samples.shapes().getFirst();
    private static final Optimizer.Settings SETTINGS = new Optimizer.Settings(0.9, 0.95, 1e-8, 0.1, 1);

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"FLOAT32", "BFLOAT16"})
    void weightsAndMomentsMatchLibtorch(DType computeType) {
        try (Updated aten = Updated.by(false, computeType, 2);
                Updated vector = Updated.by(true, computeType, 2)) {
            assertThat(vector.difference(aten)).isLessThan(1e-6);
            // Rounding equal weights gives equal bits.
            for (long index = 0; index < aten.elements(); index++) {
                if (aten.weight(index) == vector.weight(index)) {
                    assertThat(vector.productBytes(index)).isEqualTo(aten.productBytes(index));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"FLOAT32", "BFLOAT16"})
    void theResultIsBitIdenticalForAnyNumberOfThreads(DType computeType) {
        try (Updated one = Updated.by(true, computeType, 1);
                Updated three = Updated.by(true, computeType, 3)) {
            assertThat(three.difference(one)).isZero();
        }
    }

    /** Buffers after five updates with random gradients, some of them clipped. */
    private record Updated(FlatBuffers buffers) implements AutoCloseable {
        static Updated by(boolean onePass, DType computeType, int threadCount) {
            ParameterLayout layout = ParameterLayout.trained(SHAPE, new Tuning.Full());
            FlatBuffers buffers = new CpuFlatBuffers(layout, DType.FLOAT32, computeType, 1);
            SplittableRandom random = new SplittableRandom(1);
            fill(buffers.weights().memory(), layout.elements(), random, 0.02);
            try (ReplicaThreads threads = new ReplicaThreads(new CpuDevice(true), threadCount)) {
                for (int step = 1; step <= 5; step++) {
                    fill(buffers.gradients().getFirst().memory(), layout.elements(), random, Math.pow(10, -step));
                    double divisor = step % 2 == 0 ? 1 : 3.7;
                    Optimizer.Step update = new Optimizer.Step(step, 1e-3, SETTINGS, divisor);
                    if (onePass) {
                        buffers.update(threads, update);
                    } else {
                        AdamW.Update decaying = AdamW.Update.of(update);
                        AtenAdamW aten = new AtenAdamW();
                        aten.update(buffers.state(), 0, layout.matrixElements(), decaying);
                        aten.update(
                                buffers.state(),
                                layout.matrixElements(),
                                layout.elements(),
                                decaying.withoutWeightDecay());
                    }
                }
            }
            return new Updated(buffers);
        }

        private static void fill(MemorySegment memory, long elements, SplittableRandom random, double deviation) {
            for (long index = 0; index < elements; index++) {
                memory.setAtIndex(JAVA_FLOAT, index, (float) (deviation * random.nextGaussian()));
            }
        }

        long elements() {
            return buffers.weights().layout().elements();
        }

        float weight(long index) {
            return buffers.weights().memory().getAtIndex(JAVA_FLOAT, index);
        }

        byte[] productBytes(long index) {
            long width = buffers.weights().compute().dtype().bytes();
            return buffers.weights()
                    .compute()
                    .memory()
                    .asSlice(index * width, width)
                    .toArray(JAVA_BYTE);
        }

        double difference(Updated other) {
            double weights = Samples.largestDifference(
                    buffers.weights().master().toDoubles(),
                    other.buffers.weights().master().toDoubles());
            double first = Samples.largestDifference(
                    buffers.state().firstMoment().toDoubles(),
                    other.buffers.state().firstMoment().toDoubles());
            double second = Samples.largestDifference(
                    buffers.state().secondMoment().toDoubles(),
                    other.buffers.state().secondMoment().toDoubles());
            return Math.max(weights, Math.max(first, second));
        }

        @Override
        public void close() {
            buffers.close();
        }
    }
}
