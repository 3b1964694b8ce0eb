package io.rootstock.trainer.engine;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.torch.DType;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The one-pass update against libtorch's, on the buffers of a whole model. */
class AdamWTest {
    private static final ModelShape SHAPE = Samples.shapes().getFirst();
    private static final OptimizerSettings SETTINGS = new OptimizerSettings(0.9, 0.95, 1e-8, 0.1, 1);

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"FLOAT32", "BFLOAT16"})
    void onePassMovesWeightsAndMomentsAsLibtorchDoes(DType product) {
        try (Updated aten = Updated.by(false, product, 2);
                Updated vector = Updated.by(true, product, 2)) {
            assertThat(vector.difference(aten)).isLessThan(1e-6);
            // Rounded as libtorch rounds: to the bit wherever the weights are the same.
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
    void theResultIsTheSameToTheLastBitHoweverManyThreadsDivideIt(DType product) {
        try (Updated one = Updated.by(true, product, 1);
                Updated three = Updated.by(true, product, 3)) {
            assertThat(three.difference(one)).isZero();
        }
    }

    /** Buffers after five updates with made-up gradients, of which some are clipped. */
    private record Updated(FlatBuffers buffers) implements AutoCloseable {
        static Updated by(boolean onePass, DType product, int threadCount) {
            ParameterLayout layout = ParameterLayout.trained(SHAPE, new Tuning.Full());
            FlatBuffers buffers = new FlatBuffers(layout, DType.FLOAT32, product, 1);
            SplittableRandom random = new SplittableRandom(1);
            fill(buffers.weights.memory, layout.elements(), random, 0.02);
            try (ReplicaThreads threads = new ReplicaThreads(new Processor(), threadCount)) {
                for (int step = 1; step <= 5; step++) {
                    fill(buffers.gradients.getFirst().memory(), layout.elements(), random, Math.pow(10, -step));
                    double divisor = step % 2 == 0 ? 1 : 3.7;
                    if (onePass) {
                        buffers.update(threads, step, 1e-3, SETTINGS, divisor);
                    } else {
                        AdamWStep decaying = AdamWStep.of(step, 1e-3, SETTINGS, divisor);
                        buffers.libtorchAdamW(0, layout.matrixElements(), decaying);
                        buffers.libtorchAdamW(layout.matrixElements(), layout.elements(), decaying.withoutDecay());
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
            return buffers.weights.layout.elements();
        }

        float weight(long index) {
            return buffers.weights.memory.getAtIndex(JAVA_FLOAT, index);
        }

        byte[] productBytes(long index) {
            long width = buffers.weights.products.dtype().bytes();
            return buffers.weights
                    .products
                    .memory()
                    .asSlice(index * width, width)
                    .toArray(JAVA_BYTE);
        }

        double difference(Updated other) {
            double weights = Samples.largestDifference(
                    buffers.weights.master.toDoubles(), other.buffers.weights.master.toDoubles());
            double first =
                    Samples.largestDifference(buffers.firstMoment.toDoubles(), other.buffers.firstMoment.toDoubles());
            double second =
                    Samples.largestDifference(buffers.secondMoment.toDoubles(), other.buffers.secondMoment.toDoubles());
            return Math.max(weights, Math.max(first, second));
        }

        @Override
        public void close() {
            buffers.close();
        }
    }
}
