package io.rootstock.trainer.engine;

import static io.rootstock.trainer.engine.Lanes.COUNT;
import static io.rootstock.trainer.engine.Lanes.FLOATS;
import static io.rootstock.trainer.engine.Lanes.get;
import static io.rootstock.trainer.engine.Lanes.load;
import static io.rootstock.trainer.engine.Lanes.put;
import static io.rootstock.trainer.engine.Lanes.store;

import jdk.incubator.vector.FloatVector;

/**
 * Clipping, both moments, the update and its rounding to bfloat16 in one pass: every value is read and written once. All
 * operations are ones that IEEE 754 defines to the last bit, so that a value's result does not depend on the lane it is in.
 */
final class VectorAdamW {
    /** The JIT makes better code of a loop that counts in int. */
    private static final int BLOCK = 1 << 20;

    private final float clip;
    private final float gain1;
    private final float beta2;
    private final float gain2;
    private final float unbias2;
    private final float epsilon;
    private final float kept;
    private final float size;

    VectorAdamW(AdamWStep step) {
        this.clip = (float) (1 / step.divisor());
        this.gain1 = (float) (1 - step.beta1());
        this.beta2 = (float) step.beta2();
        this.gain2 = (float) (1 - step.beta2());
        this.unbias2 = (float) (1 / Math.sqrt(1 - Math.pow(step.beta2(), (double) step.number())));
        this.epsilon = (float) step.epsilon();
        this.kept = (float) (1 - step.rate() * step.decay());
        this.size = (float) (step.rate() / (1 - Math.pow(step.beta1(), (double) step.number())));
    }

    /** Updates the values from (inclusive) to (exclusive). */
    void update(FlatBuffers buffers, long from, long to) {
        long weights = buffers.weights.master.address();
        long products = buffers.weights.products.address();
        boolean half = products != weights;
        for (long start = from; start < to; start += BLOCK) {
            block(
                    buffers.gradients.getFirst().address() + 4 * start,
                    buffers.firstMoment.address() + 4 * start,
                    buffers.secondMoment.address() + 4 * start,
                    weights + 4 * start,
                    products + (half ? 2 : 4) * start,
                    half,
                    (int) Math.min(BLOCK, to - start));
        }
    }

    private void block(
            long gradients, long firsts, long seconds, long weights, long products, boolean half, int count) {
        FloatVector clips = FloatVector.broadcast(FLOATS, clip);
        FloatVector gains1 = FloatVector.broadcast(FLOATS, gain1);
        FloatVector betas2 = FloatVector.broadcast(FLOATS, beta2);
        FloatVector gains2 = FloatVector.broadcast(FLOATS, gain2);
        FloatVector unbiases2 = FloatVector.broadcast(FLOATS, unbias2);
        FloatVector epsilons = FloatVector.broadcast(FLOATS, epsilon);
        FloatVector keeps = FloatVector.broadcast(FLOATS, kept);
        FloatVector sizes = FloatVector.broadcast(FLOATS, size);
        int index = 0;
        for (; index <= count - COUNT; index += COUNT) {
            FloatVector gradient = load(gradients, index).mul(clips);
            FloatVector before = load(firsts, index);
            FloatVector first = gradient.sub(before).mul(gains1).add(before);
            FloatVector second =
                    load(seconds, index).mul(betas2).add(gradient.mul(gradient).mul(gains2));
            FloatVector scale = second.sqrt().mul(unbiases2).add(epsilons);
            FloatVector weight =
                    load(weights, index).mul(keeps).sub(first.mul(sizes).div(scale));
            store(first, firsts, index);
            store(second, seconds, index);
            store(weight, weights, index);
            if (half) {
                store(weight, products, index, true);
            }
        }
        for (; index < count; index++) {
            float gradient = get(gradients, index) * clip;
            float before = get(firsts, index);
            float first = (gradient - before) * gain1 + before;
            float second = get(seconds, index) * beta2 + gradient * gradient * gain2;
            float scale = (float) Math.sqrt(second) * unbias2 + epsilon;
            float weight = get(weights, index) * kept - first * size / scale;
            put(first, firsts, index);
            put(second, seconds, index);
            put(weight, weights, index);
            if (half) {
                put(weight, products, index, true);
            }
        }
    }
}
