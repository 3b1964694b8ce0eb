package io.rootstock.trainer.engine;

import static io.rootstock.trainer.engine.Lanes.COUNT;
import static io.rootstock.trainer.engine.Lanes.FLOATS;
import static io.rootstock.trainer.engine.Lanes.get;
import static io.rootstock.trainer.engine.Lanes.load;
import static io.rootstock.trainer.engine.Lanes.put;
import static io.rootstock.trainer.engine.Lanes.store;

import io.rootstock.torch.Tensor;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Softmax cross-entropy of rows of logits, in place: the gradient takes the logits' memory. */
final class VectorCrossEntropy {
    private VectorCrossEntropy() {}

    /** -log softmax(logits)[target] of each row [M,V]. */
    static double[] rows(Tensor logits, int[] targets, boolean half) {
        int width = (int) logits.sizes()[1];
        long memory = logits.address();
        double[] losses = new double[targets.length];
        for (int row = 0; row < targets.length; row++) {
            long base = (long) row * width;
            losses[row] = logSumExp(memory, base, width, half) - get(memory, base + targets[row], half);
        }
        return losses;
    }

    /** The weighted sum; leaves (softmax * weight of the row - weights of the classes) * scale in the logits. */
    static double backward(Tensor logits, int[] targets, TargetWeights weights, double scale, boolean half) {
        int width = (int) logits.sizes()[1];
        long memory = logits.address();
        double everywhere = weights.everywhereInAll();
        double loss = 0;
        for (int row = 0; row < targets.length; row++) {
            long base = (long) row * width;
            long target = base + targets[row];
            double logSumExp = logSumExp(memory, base, width, half);
            double rowLoss = logSumExp - get(memory, target, half);
            double own = weights.own()[row];
            loss += own * rowLoss;
            if (everywhere > 0) {
                loss += spread(memory, base, logSumExp, weights.everywhere(), half);
            }
            float rowScale = (float) ((own + everywhere) * scale);
            scaledSoftmax(memory, base, width, (float) logSumExp, rowScale, half);
            if (everywhere > 0) {
                lower(memory, base, weights.everywhere(), scale, half);
                put(get(memory, target, half) - (float) (own * scale), memory, target, half);
            } else {
                put((float) (Math.exp(-rowLoss) - 1) * rowScale, memory, target, half);
            }
        }
        return loss;
    }

    /** Every class's surprise times its weight. */
    private static double spread(long memory, long base, double logSumExp, double[] everywhere, boolean half) {
        double loss = 0;
        for (int column = 0; column < everywhere.length; column++) {
            loss += everywhere[column] * (logSumExp - get(memory, base + column, half));
        }
        return loss;
    }

    private static void lower(long memory, long base, double[] everywhere, double scale, boolean half) {
        for (int column = 0; column < everywhere.length; column++) {
            float value = get(memory, base + column, half);
            put(value - (float) (everywhere[column] * scale), memory, base + column, half);
        }
    }

    private static double logSumExp(long memory, long base, int width, boolean half) {
        float maximum = maximum(memory, base, width, half);
        FloatVector sums = FloatVector.zero(FLOATS);
        int column = 0;
        for (; column <= width - COUNT; column += COUNT) {
            sums = sums.add(ExactLanes.exp(load(memory, base + column, half).sub(maximum)));
        }
        double sum = ExactLanes.sum(sums);
        for (; column < width; column++) {
            sum += Math.exp(get(memory, base + column, half) - maximum);
        }
        return maximum + Math.log(sum);
    }

    private static float maximum(long memory, long base, int width, boolean half) {
        FloatVector maxima = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
        int column = 0;
        for (; column <= width - COUNT; column += COUNT) {
            maxima = maxima.max(load(memory, base + column, half));
        }
        float maximum = maxima.reduceLanes(VectorOperators.MAX);
        for (; column < width; column++) {
            maximum = Math.max(maximum, get(memory, base + column, half));
        }
        return maximum;
    }

    private static void scaledSoftmax(long memory, long base, int width, float logSumExp, float scale, boolean half) {
        int column = 0;
        for (; column <= width - COUNT; column += COUNT) {
            FloatVector logit = load(memory, base + column, half);
            FloatVector probability = ExactLanes.exp(logit.sub(logSumExp));
            store(probability.mul(scale), memory, base + column, half);
        }
        for (; column < width; column++) {
            float probability = (float) Math.exp(get(memory, base + column, half) - logSumExp);
            put(probability * scale, memory, base + column, half);
        }
    }
}
