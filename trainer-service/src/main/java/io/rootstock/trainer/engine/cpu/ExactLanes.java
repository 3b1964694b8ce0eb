package io.rootstock.trainer.engine.cpu;

import static io.rootstock.trainer.engine.cpu.Lanes.COUNT;
import static io.rootstock.trainer.engine.cpu.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * Exponential and sum of the lanes of a vector, bit-identical whether interpreted or compiled. The Vector API's own
 * {@code EXP} is Java's when interpreted and a native library's when compiled, and {@code reduceLanes(ADD)} has no defined
 * order, so that a resumed run would diverge from an uninterrupted one. This class uses operations alone that IEEE 754
 * defines to the last bit.
 */
final class ExactLanes {
    // Constants are vectors: a broadcast takes C2 as many nodes as an operation, and above 18,000 nodes it stops
    // inlining.
    private static final FloatVector LOG2_E = all(1.442695f);
    /** -ln 2 in two parts; the high part has few bits, so that its product with a small integer is exact (Cephes). */
    private static final FloatVector MINUS_LN_2_HIGH = all(-0.6933594f);

    private static final FloatVector MINUS_LN_2_LOW = all(2.12194440e-4f);
    /** 1.5 * 2^23: adding it rounds to an integer and leaves that integer in the low bits. */
    private static final FloatVector ROUND = all(12_582_912f);

    private static final FloatVector MIN = all(-87.3f);
    private static final FloatVector MAX = all(88.3f);
    private static final FloatVector P0 = all(0.00019875691f);
    private static final FloatVector P1 = all(0.0013981999f);
    private static final FloatVector P2 = all(0.008333452f);
    private static final FloatVector P3 = all(0.041665796f);
    private static final FloatVector P4 = all(0.16666666f);
    private static final FloatVector P5 = all(0.5f);
    private static final FloatVector ONE = all(1);
    private static final int EXPONENT_BITS = 23;
    private static final VectorShuffle<Float>[] HALVES = halves();

    private ExactLanes() {}

    private static FloatVector all(float value) {
        return FloatVector.broadcast(FLOATS, value);
    }

    /** e^x by a polynomial of degree 7 (Cephes' expf), accurate to about 2 ulp; x is clamped to [-87.3, 88.3]. */
    static FloatVector exp(FloatVector x) {
        FloatVector bounded = x.max(MIN).min(MAX);
        FloatVector shifted = bounded.fma(LOG2_E, ROUND);
        FloatVector power = shifted.sub(ROUND);
        FloatVector rest = power.fma(MINUS_LN_2_LOW, power.fma(MINUS_LN_2_HIGH, bounded));
        FloatVector sum = P0;
        sum = sum.fma(rest, P1);
        sum = sum.fma(rest, P2);
        sum = sum.fma(rest, P3);
        sum = sum.fma(rest, P4);
        sum = sum.fma(rest, P5);
        sum = sum.fma(rest.mul(rest), rest.add(ONE));
        IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, EXPONENT_BITS);
        return sum.reinterpretAsInts().add(exponent).reinterpretAsFloats();
    }

    /** Sum of the lanes by pairwise halving, in a fixed order. */
    static float sum(FloatVector lanes) {
        FloatVector folded = lanes;
        for (VectorShuffle<Float> half : HALVES) {
            folded = folded.add(folded.rearrange(half));
        }
        return folded.lane(0);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // arrays of a generic type cannot be made otherwise
    private static VectorShuffle<Float>[] halves() {
        int steps = Integer.numberOfTrailingZeros(COUNT);
        VectorShuffle<Float>[] shuffles = new VectorShuffle[steps];
        for (int step = 0; step < steps; step++) {
            int distance = COUNT >> (step + 1);
            shuffles[step] = VectorShuffle.fromOp(FLOATS, lane -> (lane + distance) % COUNT);
        }
        return shuffles;
    }
}
