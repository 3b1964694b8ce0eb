package io.rootstock.trainer.engine.cpu;

import static io.rootstock.trainer.engine.cpu.Lanes.COUNT;
import static io.rootstock.trainer.engine.cpu.Lanes.FLOATS;
import static io.rootstock.trainer.engine.cpu.Lanes.get;
import static io.rootstock.trainer.engine.cpu.Lanes.load;
import static io.rootstock.trainer.engine.cpu.Lanes.put;
import static io.rootstock.trainer.engine.cpu.Lanes.store;

import io.rootstock.trainer.engine.optimizer.AdamW;
import io.rootstock.trainer.engine.optimizer.Optimizer;
import jdk.incubator.vector.FloatVector;

/**
 * AdamW (Loshchilov and Hutter 2019) for float32 in one pass: clipping, both moments, the update, and the rounding to
 * bfloat16. All operations are defined by IEEE 754 to the last bit, so that an element's result does not depend on its
 * lane.
 */
final class VectorAdamW implements AdamW.Kernel {
    /** Elements per loop; C2 compiles loops with an int counter better. */
    private static final int BLOCK = 1 << 20;

    @Override
    public void update(Optimizer.State state, long from, long to, AdamW.Update update) {
        Coefficients coefficients = Coefficients.of(update);
        long weights = state.weights().master().address();
        long computeWeights = state.weights().compute().address();
        boolean bf16 = computeWeights != weights;
        for (long start = from; start < to; start += BLOCK) {
            coefficients.block(
                    state.gradient().address() + 4 * start,
                    state.firstMoment().address() + 4 * start,
                    state.secondMoment().address() + 4 * start,
                    weights + 4 * start,
                    computeWeights + (bf16 ? 2 : 4) * start,
                    bf16,
                    (int) Math.min(BLOCK, to - start));
        }
    }

    /**
     * Coefficients of one update t.
     *
     * @param gradientScale clipping factor of the gradient
     * @param oneMinusBeta1 1 - beta1
     * @param beta2 beta2
     * @param oneMinusBeta2 1 - beta2
     * @param inverseBiasCorrection2Sqrt 1 / sqrt(1 - beta2^t)
     * @param epsilon epsilon
     * @param decayFactor 1 - learning rate * weight decay
     * @param stepSize learning rate / (1 - beta1^t)
     */
    private record Coefficients(
            float gradientScale,
            float oneMinusBeta1,
            float beta2,
            float oneMinusBeta2,
            float inverseBiasCorrection2Sqrt,
            float epsilon,
            float decayFactor,
            float stepSize) {
        static Coefficients of(AdamW.Update update) {
            return new Coefficients(
                    (float) (1 / update.gradientDivisor()),
                    (float) (1 - update.beta1()),
                    (float) update.beta2(),
                    (float) (1 - update.beta2()),
                    (float) (1 / Math.sqrt(1 - Math.pow(update.beta2(), (double) update.number()))),
                    (float) update.epsilon(),
                    (float) (1 - update.learningRate() * update.weightDecay()),
                    (float) (update.learningRate() / (1 - Math.pow(update.beta1(), (double) update.number()))));
        }

        /** Updates count elements at these addresses. */
        void block(
                long gradients,
                long firstMoments,
                long secondMoments,
                long weights,
                long computeWeights,
                boolean bf16,
                int count) {
            FloatVector gradientScales = FloatVector.broadcast(FLOATS, gradientScale);
            FloatVector oneMinusBetas1 = FloatVector.broadcast(FLOATS, oneMinusBeta1);
            FloatVector betas2 = FloatVector.broadcast(FLOATS, beta2);
            FloatVector oneMinusBetas2 = FloatVector.broadcast(FLOATS, oneMinusBeta2);
            FloatVector inverseBiasCorrections2Sqrt = FloatVector.broadcast(FLOATS, inverseBiasCorrection2Sqrt);
            FloatVector epsilons = FloatVector.broadcast(FLOATS, epsilon);
            FloatVector decayFactors = FloatVector.broadcast(FLOATS, decayFactor);
            FloatVector stepSizes = FloatVector.broadcast(FLOATS, stepSize);
            int index = 0;
            for (; index <= count - COUNT; index += COUNT) {
                FloatVector gradient = load(gradients, index).mul(gradientScales);
                FloatVector before = load(firstMoments, index);
                FloatVector first = gradient.sub(before).mul(oneMinusBetas1).add(before);
                FloatVector second = load(secondMoments, index)
                        .mul(betas2)
                        .add(gradient.mul(gradient).mul(oneMinusBetas2));
                FloatVector denominator =
                        second.sqrt().mul(inverseBiasCorrections2Sqrt).add(epsilons);
                FloatVector weight = load(weights, index)
                        .mul(decayFactors)
                        .sub(first.mul(stepSizes).div(denominator));
                store(first, firstMoments, index);
                store(second, secondMoments, index);
                store(weight, weights, index);
                if (bf16) {
                    store(weight, computeWeights, index, true);
                }
            }
            for (; index < count; index++) {
                float gradient = get(gradients, index) * gradientScale;
                float before = get(firstMoments, index);
                float first = (gradient - before) * oneMinusBeta1 + before;
                float second = get(secondMoments, index) * beta2 + gradient * gradient * oneMinusBeta2;
                float denominator = (float) Math.sqrt(second) * inverseBiasCorrection2Sqrt + epsilon;
                float weight = get(weights, index) * decayFactor - first * stepSize / denominator;
                put(first, firstMoments, index);
                put(second, secondMoments, index);
                put(weight, weights, index);
                if (bf16) {
                    put(weight, computeWeights, index, true);
                }
            }
        }
    }
}
