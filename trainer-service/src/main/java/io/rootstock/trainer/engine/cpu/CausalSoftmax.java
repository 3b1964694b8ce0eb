package io.rootstock.trainer.engine;

import static io.rootstock.trainer.engine.Lanes.COUNT;
import static io.rootstock.trainer.engine.Lanes.FLOATS;
import static io.rootstock.trainer.engine.Lanes.get;
import static io.rootstock.trainer.engine.Lanes.load;
import static io.rootstock.trainer.engine.Lanes.put;
import static io.rootstock.trainer.engine.Lanes.store;

import io.rootstock.torch.Tensor;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Softmax over the past of the scores [n,R,E] of a block of positions: in a row for position t only the first t+1 of E
 * scores count, the others become zero.
 *
 * @param block the positions
 * @param half whether probabilities and their gradients are bfloat16; float32 otherwise
 */
record CausalSoftmax(QueryBlock block, boolean half) {
    /** Read from n: the last n lanes become 0 by a product. */
    private static final float[] ONES_THEN_ZEROS = twoHalves(1, 0);

    private static final float[] ZEROS_THEN_INFINITIES = twoHalves(0, Float.NEGATIVE_INFINITY);

    private static float[] twoHalves(float first, float second) {
        float[] values = new float[2 * COUNT];
        Arrays.fill(values, 0, COUNT, first);
        Arrays.fill(values, COUNT, 2 * COUNT, second);
        return values;
    }

    /**
     * Scores [n,R,E] float32, which are overwritten -> probabilities [n,R,E].
     *
     * @param logSums takes log(sum of e^score) of the block's rows
     */
    void forward(Tensor scores, Tensor probabilities, long logSums) {
        int length = block.end();
        long from = scores.address();
        long to = probabilities.address();
        for (int row = 0; row < block.rows(); row++) {
            long base = (long) row * length;
            int count = block.position(row) + 1;
            float maximum = maximum(from, base, count, length);
            float sum = powers(from, from, base, count, length, maximum, false);
            put(maximum + (float) Math.log(sum), logSums, row);
            scale(from, to, base, length, 1 / sum);
        }
    }

    /** The same probabilities from the same scores and forward's sums. */
    void again(Tensor scores, Tensor probabilities, long logSums) {
        int length = block.end();
        long from = scores.address();
        long to = probabilities.address();
        for (int row = 0; row < block.rows(); row++) {
            powers(from, to, (long) row * length, block.position(row) + 1, length, get(logSums, row), half);
        }
    }

    /** Writes e^(score - less), 0 for the future; returns their sum. */
    private static float powers(long from, long to, long base, int count, int length, float less, boolean toHalf) {
        FloatVector all = FloatVector.broadcast(FLOATS, less);
        FloatVector sums = FloatVector.zero(FLOATS);
        int column = 0;
        for (int end = whole(count, length); column < end; column += COUNT) {
            FloatVector past = FloatVector.fromArray(FLOATS, ONES_THEN_ZEROS, Math.max(0, column + COUNT - count));
            FloatVector power =
                    ExactLanes.exp(load(from, base + column).sub(all)).mul(past);
            store(power, to, base + column, toHalf);
            sums = sums.add(power);
        }
        float sum = ExactLanes.sum(sums);
        for (; column < count; column++) {
            float power = (float) Math.exp(get(from, base + column) - less);
            put(power, to, base + column, toHalf);
            sum += power;
        }
        Lanes.clear(to, base + column, length - column, toHalf);
        return sum;
    }

    private void scale(long from, long to, long base, int length, float scale) {
        int column = 0;
        for (; column <= length - COUNT; column += COUNT) {
            store(load(from, base + column).mul(scale), to, base + column, half);
        }
        for (; column < length; column++) {
            put(get(from, base + column) * scale, to, base + column, half);
        }
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
     * @param rowSums the sums of the block's rows, each of which equals output times its gradient (Dao et al. 2022)
     */
    void backward(Tensor gradients, Tensor probabilities, long rowSums) {
        int length = block.end();
        long in = probabilities.address();
        long out = gradients.address();
        for (int row = 0; row < block.rows(); row++) {
            backwardRow(in, out, (long) row * length, length, get(rowSums, row));
        }
    }

    /** The future's probabilities are 0, and so are their gradients. */
    private void backwardRow(long in, long out, long base, int length, float rowSum) {
        int column = 0;
        for (; column <= length - COUNT; column += COUNT) {
            FloatVector difference = load(out, base + column, half).sub(rowSum);
            store(difference.mul(load(in, base + column, half)), out, base + column, half);
        }
        for (; column < length; column++) {
            put((get(out, base + column, half) - rowSum) * get(in, base + column, half), out, base + column, half);
        }
    }
}
