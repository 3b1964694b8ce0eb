package io.rootstock.trainer.engine.cpu;

import static io.rootstock.trainer.engine.cpu.Lanes.COUNT;
import static io.rootstock.trainer.engine.cpu.Lanes.FLOATS;
import static io.rootstock.trainer.engine.cpu.Lanes.get;
import static io.rootstock.trainer.engine.cpu.Lanes.load;
import static io.rootstock.trainer.engine.cpu.Lanes.put;
import static io.rootstock.trainer.engine.cpu.Lanes.store;

import io.rootstock.torch.Tensor;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Causal softmax of the scores [n,R,E] of a block of query positions, and its gradient: n groups, R queries of a group, E
 * keys up to the end of the block. A query at position t attends to the keys 0..t; other probabilities are 0.
 *
 * @param block the block of positions
 * @param bf16 whether probabilities and their gradients are bfloat16; float32 otherwise
 */
record CausalSoftmax(QueryBlock block, boolean bf16) {
    /** Mask of a product: loaded at offset n, its last n lanes are 0. */
    private static final float[] ONES_THEN_ZEROS = twoHalves(1, 0);

    /** Mask of a sum: loaded at offset n, its last n lanes are negative infinity. */
    private static final float[] ZEROS_THEN_INFINITIES = twoHalves(0, Float.NEGATIVE_INFINITY);

    private static float[] twoHalves(float first, float second) {
        float[] values = new float[2 * COUNT];
        Arrays.fill(values, 0, COUNT, first);
        Arrays.fill(values, COUNT, 2 * COUNT, second);
        return values;
    }

    /**
     * Computes probabilities [n,R,E] from scores [n,R,E].
     *
     * @param scores float32; overwritten
     * @param probabilities output, bfloat16 or float32; may be the scores' memory
     * @param logSums address of the output log(sum of exp(score)) of each row, float32
     */
    void forward(Tensor scores, Tensor probabilities, long logSums) {
        int length = block.end();
        long from = scores.address();
        long to = probabilities.address();
        for (int row = 0; row < block.rows(); row++) {
            long base = (long) row * length;
            int count = block.position(row) + 1;
            float maximum = maximum(from, base, count, length);
            float sum = exponentials(from, from, base, count, length, maximum, false);
            put(maximum + (float) Math.log(sum), logSums, row);
            scale(from, to, base, length, 1 / sum);
        }
    }

    /** Recomputes the probabilities from the scores and the log-sums of the forward pass. */
    void recompute(Tensor scores, Tensor probabilities, long logSums) {
        int length = block.end();
        long from = scores.address();
        long to = probabilities.address();
        for (int row = 0; row < block.rows(); row++) {
            exponentials(from, to, (long) row * length, block.position(row) + 1, length, get(logSums, row), bf16);
        }
    }

    /** Writes exp(score - shift) for the first count columns of a row and 0 for the rest; returns their sum. */
    private static float exponentials(
            long from, long to, long base, int count, int length, float shift, boolean toBf16) {
        FloatVector shifts = FloatVector.broadcast(FLOATS, shift);
        FloatVector sums = FloatVector.zero(FLOATS);
        int column = 0;
        for (int end = whole(count, length); column < end; column += COUNT) {
            FloatVector mask = FloatVector.fromArray(FLOATS, ONES_THEN_ZEROS, Math.max(0, column + COUNT - count));
            FloatVector exp =
                    ExactLanes.exp(load(from, base + column).sub(shifts)).mul(mask);
            store(exp, to, base + column, toBf16);
            sums = sums.add(exp);
        }
        float sum = ExactLanes.sum(sums);
        for (; column < count; column++) {
            float exp = (float) Math.exp(get(from, base + column) - shift);
            put(exp, to, base + column, toBf16);
            sum += exp;
        }
        Lanes.clear(to, base + column, length - column, toBf16);
        return sum;
    }

    private void scale(long from, long to, long base, int length, float scale) {
        int column = 0;
        for (; column <= length - COUNT; column += COUNT) {
            store(load(from, base + column).mul(scale), to, base + column, bf16);
        }
        for (; column < length; column++) {
            put(get(from, base + column) * scale, to, base + column, bf16);
        }
    }

    private static float maximum(long from, long base, int count, int length) {
        FloatVector maxima = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
        int column = 0;
        for (int end = whole(count, length); column < end; column += COUNT) {
            FloatVector mask =
                    FloatVector.fromArray(FLOATS, ZEROS_THEN_INFINITIES, Math.max(0, column + COUNT - count));
            maxima = maxima.max(load(from, base + column).add(mask));
        }
        float maximum = maxima.reduceLanes(VectorOperators.MAX);
        for (; column < count; column++) {
            maximum = Math.max(maximum, get(from, base + column));
        }
        return maximum;
    }

    /** Columns that are processed as whole vectors; the last vector may extend beyond the count, but not beyond the row. */
    private static int whole(int count, int length) {
        int up = (count + COUNT - 1) / COUNT * COUNT;
        return up <= length ? up : up - COUNT;
    }

    /**
     * Replaces the gradients of the probabilities by those of the scores: dS = P * (dP - sum over the row of P * dP).
     *
     * @param gradients dP, overwritten by dS [n,R,E]
     * @param probabilities P [n,R,E]
     * @param rowSums address of the sums of P * dP of each row, float32, which equal output * dOutput (Dao et al. 2022)
     */
    void backward(Tensor gradients, Tensor probabilities, long rowSums) {
        int length = block.end();
        long in = probabilities.address();
        long out = gradients.address();
        for (int row = 0; row < block.rows(); row++) {
            backwardRow(in, out, (long) row * length, length, get(rowSums, row));
        }
    }

    /** Masked probabilities are 0, so their gradients become 0. */
    private void backwardRow(long in, long out, long base, int length, float rowSum) {
        int column = 0;
        for (; column <= length - COUNT; column += COUNT) {
            FloatVector difference = load(out, base + column, bf16).sub(rowSum);
            store(difference.mul(load(in, base + column, bf16)), out, base + column, bf16);
        }
        for (; column < length; column++) {
            put((get(out, base + column, bf16) - rowSum) * get(in, base + column, bf16), out, base + column, bf16);
        }
    }
}
