package io.rootstock.trainer.engine;

import static io.rootstock.trainer.engine.Lanes.COUNT;
import static io.rootstock.trainer.engine.Lanes.FLOATS;
import static io.rootstock.trainer.engine.Lanes.get;
import static io.rootstock.trainer.engine.Lanes.load;
import static io.rootstock.trainer.engine.Lanes.put;
import static io.rootstock.trainer.engine.Lanes.store;

import io.rootstock.torch.DType;
import io.rootstock.torch.Tensor;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Softmax over the past: in a row for position t only the first t+1 of L scores count, the others become zero. */
final class CausalSoftmax {
    /** Read from n: the last n lanes become 0 by a product. */
    private static final float[] ONES_THEN_ZEROS = twoHalves(1, 0);

    private static final float[] ZEROS_THEN_INFINITIES = twoHalves(0, Float.NEGATIVE_INFINITY);

    private CausalSoftmax() {}

    private static float[] twoHalves(float first, float second) {
        float[] values = new float[2 * COUNT];
        Arrays.fill(values, 0, COUNT, first);
        Arrays.fill(values, COUNT, 2 * COUNT, second);
        return values;
    }

    /** Scores [n,GL,L] float32, which are overwritten -> probabilities [n,GL,L]. */
    static void forward(Tensor scores, Tensor probabilities, DType type) {
        boolean half = type == DType.BFLOAT16;
        int length = (int) scores.sizes()[2];
        long rows = scores.elements() / length;
        long from = scores.address();
        long to = probabilities.address();
        for (long row = 0; row < rows; row++) {
            row(from, to, row * length, (int) (row % length) + 1, length, half);
        }
    }

    private static void row(long from, long to, long base, int count, int length, boolean half) {
        float maximum = maximum(from, base, count, length);
        float scale = 1 / powers(from, base, count, length, maximum);
        int column = 0;
        for (int end = whole(count, length); column < end; column += COUNT) {
            store(load(from, base + column).mul(scale), to, base + column, half);
        }
        for (; column < count; column++) {
            put(get(from, base + column) * scale, to, base + column, half);
        }
        Lanes.clear(to, base + column, length - column, half);
    }

    /** Replaces scores by e^(score - maximum); returns their sum. */
    private static float powers(long from, long base, int count, int length, float maximum) {
        FloatVector maxima = FloatVector.broadcast(FLOATS, maximum);
        FloatVector sums = FloatVector.zero(FLOATS);
        int column = 0;
        for (int end = whole(count, length); column < end; column += COUNT) {
            FloatVector past = FloatVector.fromArray(FLOATS, ONES_THEN_ZEROS, Math.max(0, column + COUNT - count));
            FloatVector power =
                    ExactLanes.exp(load(from, base + column).sub(maxima)).mul(past);
            store(power, from, base + column);
            sums = sums.add(power);
        }
        float sum = ExactLanes.sum(sums);
        for (; column < count; column++) {
            float power = (float) Math.exp(get(from, base + column) - maximum);
            put(power, from, base + column);
            sum += power;
        }
        return sum;
    }

    private static float maximum(long from, long base, int count, int length) {
        FloatVector maxima = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
        int column = 0;
        for (int end = whole(count, length); column < end; column += COUNT) {
            FloatVector past =
                    FloatVector.fromArray(FLOATS, ZEROS_THEN_INFINITIES, Math.max(0, column + COUNT - count));
            maxima = maxima.max(load(from, base + column).add(past));
        }
        float maximum = maxima.reduceLanes(VectorOperators.MAX);
        for (; column < count; column++) {
            maximum = Math.max(maximum, get(from, base + column));
        }
        return maximum;
    }

    /** How many columns are done as whole vectors: the last one reaches beyond the count where the row does. */
    private static int whole(int count, int length) {
        int up = (count + COUNT - 1) / COUNT * COUNT;
        return up <= length ? up : up - COUNT;
    }

    /**
     * Turns gradients of the probabilities into those of the scores, in place: p * (dp - sum over the row of p * dp).
     *
     * @param rowSums the sum for each row, which equals output times its gradient (Dao et al. 2022)
     */
    static void backward(Tensor gradients, Tensor probabilities, float[] rowSums, DType type) {
        boolean half = type == DType.BFLOAT16;
        int length = (int) gradients.sizes()[2];
        long in = probabilities.address();
        long out = gradients.address();
        for (int row = 0; row < rowSums.length; row++) {
            long base = (long) row * length;
            int count = row % length + 1;
            backwardRow(in, out, base, count, rowSums[row], half);
            Lanes.clear(out, base + count, length - count, half);
        }
    }

    private static void backwardRow(long in, long out, long base, int count, float rowSum, boolean half) {
        int column = 0;
        for (; column <= count - COUNT; column += COUNT) {
            FloatVector difference = load(out, base + column, half).sub(rowSum);
            store(difference.mul(load(in, base + column, half)), out, base + column, half);
        }
        for (; column < count; column++) {
            put((get(out, base + column, half) - rowSum) * get(in, base + column, half), out, base + column, half);
        }
    }
}
