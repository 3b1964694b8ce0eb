package io.rootstock.trainer.engine.cpu;

import static io.rootstock.trainer.engine.cpu.Lanes.COUNT;
import static io.rootstock.trainer.engine.cpu.Lanes.FLOATS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class ExactLanesTest {
    private static final int ROUNDS = 200_000;

    @Test
    void interpretedAndCompiledCodeGiveTheSameBits() {
        float[] inputs = new float[COUNT];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < COUNT; i++) {
            inputs[i] = (float) random.nextDouble(-20, 20);
        }
        FloatVector lanes = FloatVector.fromArray(FLOATS, inputs, 0);
        float[] first = ExactLanes.exp(lanes).toArray();
        float firstSum = ExactLanes.sum(lanes);
        for (int round = 0; round < ROUNDS; round++) {
            assertBits(ExactLanes.exp(lanes), first);
            if (ExactLanes.sum(lanes) != firstSum) {
                throw new AssertionError("sums differ in round " + round);
            }
        }
    }

    @Test
    void expIsAccurate() {
        float[] inputs = new float[COUNT];
        for (float start = -87; start < 88; start += COUNT * 0.013f) {
            for (int i = 0; i < COUNT; i++) {
                inputs[i] = Math.min(88f, start + i * 0.013f);
            }
            float[] outputs =
                    ExactLanes.exp(FloatVector.fromArray(FLOATS, inputs, 0)).toArray();
            for (int i = 0; i < COUNT; i++) {
                assertThat(outputs[i] / Math.exp(inputs[i])).isCloseTo(1.0, within(3e-7));
            }
        }
    }

    @Test
    void expOfExtremeValues() {
        assertThat(ExactLanes.exp(FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY))
                        .lane(0))
                .isLessThan(1e-37f);
        assertThat(ExactLanes.exp(FloatVector.broadcast(FLOATS, 1e30f)).lane(0)).isBetween(1e38f, Float.MAX_VALUE);
        assertThat(ExactLanes.exp(FloatVector.broadcast(FLOATS, Float.NaN)).lane(0))
                .isNaN();
        assertThat(ExactLanes.exp(FloatVector.zero(FLOATS)).lane(0)).isEqualTo(1f);
    }

    private static void assertBits(FloatVector actual, float[] expected) {
        if (!actual.eq(FloatVector.fromArray(FLOATS, expected, 0)).allTrue()) {
            throw new AssertionError("lanes differ: " + actual + " and " + Arrays.toString(expected));
        }
    }
}
