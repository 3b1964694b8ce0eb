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
        float[] powers = new float[width];
        for (int row = 0; row < targets.length; row++) {
            long base = (long) row * width;
            float maximum = maximum(memory, base, width, half);
            double sum = powers(memory, base, maximum, powers, half);
            losses[row] = maximum + Math.log(sum) - get(memory, base + targets[row], half);
        }
        return losses;
    }

    /** The weighted sum; leaves (softmax * weight of the row - weights of the classes) * scale in the logits. */
    static double backward(Tensor logits, int[] targets, TargetWeights weights, double scale, boolean half) {
        int width = (int) logits.sizes()[1];
        long memory = logits.address();
        double everywhere = weights.everywhereInAll();
        float[] powers = new float[width];
        double loss = 0;
        for (int row = 0; row < targets.length; row++) {
            long base = (long) row * width;
            long target = base + targets[row];
            float maximum = maximum(memory, base, width, half);
            double sum = powers(memory, base, maximum, powers, half);
            double logSumExp = maximum + Math.log(sum);
            double rowLoss = logSumExp - get(memory, target, half);
            double own = weights.own()[row];
            loss += own * rowLoss;
            if (everywhere > 0) {
                loss += spread(memory, base, logSumExp, weights.everywhere(), half);
            }
            float rowScale = (float) ((own + everywhere) * scale);
            scaled(powers, (float) (rowScale / sum), memory, base, half);
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

    /** e^(logit - maximum) of a row; returns their sum. */
    private static double powers(long memory, long base, float maximum, float[] powers, boolean half) {
        FloatVector maxima = FloatVector.broadcast(FLOATS, maximum);
        FloatVector sums = FloatVector.zero(FLOATS);
        int column = 0;
        for (; column <= powers.length - COUNT; column += COUNT) {
            FloatVector power = ExactLanes.exp(load(memory, base + column, half).sub(maxima));
            power.intoArray(powers, column);
            sums = sums.add(power);
        }
        double sum = ExactLanes.sum(sums);
        for (; column < powers.length; column++) {
            powers[column] = (float) Math.exp(get(memory, base + column, half) - maximum);
            sum += powers[column];
        }
        return sum;
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

    private static void scaled(float[] powers, float scale, long memory, long base, boolean half) {
        FloatVector scales = FloatVector.broadcast(FLOATS, scale);
        int column = 0;
        for (; column <= powers.length - COUNT; column += COUNT) {
            store(FloatVector.fromArray(FLOATS, powers, column).mul(scales), memory, base + column, half);
        }
        for (; column < powers.length; column++) {
            put(powers[column] * scale, memory, base + column, half);
        }
    }
}
