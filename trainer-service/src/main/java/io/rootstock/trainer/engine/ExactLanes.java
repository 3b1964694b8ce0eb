package io.rootstock.trainer.engine;

import static io.rootstock.trainer.engine.Lanes.COUNT;
import static io.rootstock.trainer.engine.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * Exponential and sum of lanes whose bits do not depend on whether the JIT has compiled them yet. The Vector API's own
 * {@code EXP} is Java's when interpreted and a native library's when compiled, and its {@code reduceLanes(ADD)} adds in
 * an order of its choice, so that a resumed run would part from an uninterrupted one. Here every operation is one that
 * IEEE 754 defines to the last bit.
 */
final class ExactLanes {
    private static final float LOG2_E = 1.442695f;
    /** ln 2 in two parts, the first with so few bits that its product with a small integer is exact (Cephes). */
    private static final float LN_2_HIGH = 0.6933594f;

    private static final float LN_2_LOW = -2.12194440e-4f;
    /** 1.5 * 2^23: adding it rounds to an integer, which then stands in the low bits. */
    private static final float ROUND = 12_582_912f;

    private static final float LEAST = -87.3f;
    private static final float MOST = 88.3f;
    private static final int EXPONENT_BITS = 23;
    private static final VectorShuffle<Float>[] HALVES = halves();

    private ExactLanes() {}

    /** e^x by a polynomial of degree 7 (Cephes' expf), to about 2 units in the last place; e^-87.3 below -87.3. */
    static FloatVector exp(FloatVector x) {
        FloatVector bounded = x.max(LEAST).min(MOST);
        FloatVector shifted = bounded.fma(FloatVector.broadcast(FLOATS, LOG2_E), FloatVector.broadcast(FLOATS, ROUND));
        FloatVector power = shifted.sub(ROUND);
        FloatVector rest = power.fma(
                FloatVector.broadcast(FLOATS, -LN_2_LOW),
                power.fma(FloatVector.broadcast(FLOATS, -LN_2_HIGH), bounded));
        FloatVector sum = FloatVector.broadcast(FLOATS, 0.00019875691f);
        sum = sum.fma(rest, FloatVector.broadcast(FLOATS, 0.0013981999f));
        sum = sum.fma(rest, FloatVector.broadcast(FLOATS, 0.008333452f));
        sum = sum.fma(rest, FloatVector.broadcast(FLOATS, 0.041665796f));
        sum = sum.fma(rest, FloatVector.broadcast(FLOATS, 0.16666666f));
        sum = sum.fma(rest, FloatVector.broadcast(FLOATS, 0.5f));
        sum = sum.fma(rest.mul(rest), rest.add(1f));
        IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, EXPONENT_BITS);
        return sum.reinterpretAsInts().add(exponent).reinterpretAsFloats();
    }

    /** The sum of the lanes, always by halves. */
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
