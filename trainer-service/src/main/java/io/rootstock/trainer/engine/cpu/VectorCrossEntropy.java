package io.rootstock.trainer.engine.cpu;

import static io.rootstock.trainer.engine.cpu.Lanes.COUNT;
import static io.rootstock.trainer.engine.cpu.Lanes.FLOATS;
import static io.rootstock.trainer.engine.cpu.Lanes.get;
import static io.rootstock.trainer.engine.cpu.Lanes.load;
import static io.rootstock.trainer.engine.cpu.Lanes.put;
import static io.rootstock.trainer.engine.cpu.Lanes.store;

import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.batch.TargetWeights;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Softmax cross-entropy of rows of logits [M,V], bfloat16 or float32; the gradient overwrites the logits. */
final class VectorCrossEntropy {
    private VectorCrossEntropy() {}

    /** Negative log-likelihood of each row's target, -log softmax(logits)[target], in nats [M]. */
    static double[] rows(Tensor logits, int[] targets, boolean bf16) {
        int width = (int) logits.sizes()[1];
        long memory = logits.address();
        double[] losses = new double[targets.length];
        float[] exps = new float[width];
        for (int row = 0; row < targets.length; row++) {
            long base = (long) row * width;
            float maximum = maximum(memory, base, width, bf16);
            double sum = exponentials(memory, base, maximum, exps, bf16);
            losses[row] = maximum + Math.log(sum) - get(memory, base + targets[row], bf16);
        }
        return losses;
    }

    /**
     * Replaces the logits by the gradient times the scale and returns the weighted sum of the losses, in nats. The gradient
     * of a row is softmax * (sum of the row's weights) - weight of each class.
     */
    static double backward(Tensor logits, int[] targets, TargetWeights weights, double scale, boolean bf16) {
        int width = (int) logits.sizes()[1];
        long memory = logits.address();
        double smoothingSum = weights.smoothingWeightSum();
        float[] exps = new float[width];
        double loss = 0;
        for (int row = 0; row < targets.length; row++) {
            long base = (long) row * width;
            long target = base + targets[row];
            float maximum = maximum(memory, base, width, bf16);
            double sum = exponentials(memory, base, maximum, exps, bf16);
            double logSumExp = maximum + Math.log(sum);
            double rowLoss = logSumExp - get(memory, target, bf16);
            double targetWeight = weights.targetWeights()[row];
            loss += targetWeight * rowLoss;
            if (smoothingSum > 0) {
                loss += smoothingLoss(memory, base, logSumExp, weights.smoothingWeights(), bf16);
            }
            float rowScale = (float) ((targetWeight + smoothingSum) * scale);
            scaled(exps, (float) (rowScale / sum), memory, base, bf16);
            if (smoothingSum > 0) {
                subtractSmoothing(memory, base, weights.smoothingWeights(), scale, bf16);
                put(get(memory, target, bf16) - (float) (targetWeight * scale), memory, target, bf16);
            } else {
                put((float) (Math.exp(-rowLoss) - 1) * rowScale, memory, target, bf16);
            }
        }
        return loss;
    }

    /** Label smoothing's part of a row's loss: the sum over the classes of weight * -log softmax. */
    private static double smoothingLoss(
            long memory, long base, double logSumExp, double[] smoothingWeights, boolean bf16) {
        double loss = 0;
        for (int column = 0; column < smoothingWeights.length; column++) {
            loss += smoothingWeights[column] * (logSumExp - get(memory, base + column, bf16));
        }
        return loss;
    }

    /** Subtracts the scaled smoothing weights from a row's gradient. */
    private static void subtractSmoothing(
            long memory, long base, double[] smoothingWeights, double scale, boolean bf16) {
        for (int column = 0; column < smoothingWeights.length; column++) {
            float value = get(memory, base + column, bf16);
            put(value - (float) (smoothingWeights[column] * scale), memory, base + column, bf16);
        }
    }

    /** Writes exp(logit - maximum) of a row to an array; returns the sum. */
    private static double exponentials(long memory, long base, float maximum, float[] exps, boolean bf16) {
        FloatVector maxima = FloatVector.broadcast(FLOATS, maximum);
        FloatVector sums = FloatVector.zero(FLOATS);
        int column = 0;
        for (; column <= exps.length - COUNT; column += COUNT) {
            FloatVector exp = ExactLanes.exp(load(memory, base + column, bf16).sub(maxima));
            exp.intoArray(exps, column);
            sums = sums.add(exp);
        }
        double sum = ExactLanes.sum(sums);
        for (; column < exps.length; column++) {
            exps[column] = (float) Math.exp(get(memory, base + column, bf16) - maximum);
            sum += exps[column];
        }
        return sum;
    }

    private static float maximum(long memory, long base, int width, boolean bf16) {
        FloatVector maxima = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
        int column = 0;
        for (; column <= width - COUNT; column += COUNT) {
            maxima = maxima.max(load(memory, base + column, bf16));
        }
        float maximum = maxima.reduceLanes(VectorOperators.MAX);
        for (; column < width; column++) {
            maximum = Math.max(maximum, get(memory, base + column, bf16));
        }
        return maximum;
    }

    private static void scaled(float[] exps, float scale, long memory, long base, boolean bf16) {
        FloatVector scales = FloatVector.broadcast(FLOATS, scale);
        int column = 0;
        for (; column <= exps.length - COUNT; column += COUNT) {
            store(FloatVector.fromArray(FLOATS, exps, column).mul(scales), memory, base + column, bf16);
        }
        for (; column < exps.length; column++) {
            put(exps[column] * scale, memory, base + column, bf16);
        }
    }
}
