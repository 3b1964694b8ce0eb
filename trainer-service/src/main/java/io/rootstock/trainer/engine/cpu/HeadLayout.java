package io.rootstock.trainer.engine;

import static io.rootstock.trainer.engine.Lanes.COUNT;
import static io.rootstock.trainer.engine.Lanes.get;
import static io.rootstock.trainer.engine.Lanes.load;
import static io.rootstock.trainer.engine.Lanes.put;
import static io.rootstock.trainer.engine.Lanes.store;

import io.rootstock.torch.DType;
import io.rootstock.torch.Tensor;
import jdk.incubator.vector.FloatVector;

/**
 * Moves between the order of tokens, [N,heads*d], which projections read and write, and the orders that attention
 * multiplies, turning queries and keys by their position on the way: keys and values by row and head, [B,K,L,d], queries by
 * blocks ({@link QueryBlock}), [BHL,d]. N = B*L.
 */
final class HeadLayout {
    private final int heads;
    private final int shared;
    private final int width;
    private final int half;
    private final float scale;
    private final DType product;
    private final boolean narrow;
    private final long cosines;
    private final long sines;

    HeadLayout(ModelShape shape, DType product, RotaryTable rotary) {
        this.heads = shape.heads();
        this.shared = shape.keyValueHeads();
        this.width = shape.headDimension();
        this.half = width / 2;
        this.scale = (float) (1 / Math.sqrt(width));
        this.product = product;
        this.narrow = product == DType.BFLOAT16;
        this.cosines = rotary.cosines().address();
        this.sines = rotary.sines().address();
    }

    /** [N,(H+2K)d] -> queries [BHL,d], turned and divided by sqrt(d), keys [B,K,L,d], turned, and values [B,K,L,d]. */
    void split(Tensor queryKeyValue, Tensor queries, Tensor keys, Tensor values, int batchRows, int length) {
        long in = queryKeyValue.address();
        long toQueries = queries.address();
        long toKeys = keys.address();
        long toValues = values.address();
        int all = heads + 2 * shared;
        for (int token = 0; token < batchRows * length; token++) {
            int row = token / length;
            int position = token % length;
            long from = (long) token * all * width;
            for (int head = 0; head < heads; head++) {
                long to = query(row, head, position, batchRows, length);
                turn(in, from + (long) head * width, narrow, toQueries, to, false, position, scale, 1);
            }
            for (int head = 0; head < shared; head++) {
                long to = key(row, head, position, length);
                turn(in, from + (long) (heads + head) * width, narrow, toKeys, to, false, position, 1, 1);
                Lanes.move(in, from + (long) (heads + shared + head) * width, toValues, to, width, narrow);
            }
        }
    }

    /** The reverse, for gradients: queries' in the product type, keys' and values' float32. */
    Tensor join(Tensor queries, Tensor keys, Tensor values, int batchRows, int length) {
        int all = heads + 2 * shared;
        Tensor joined = Tensor.empty(product, (long) batchRows * length, (long) all * width);
        long out = joined.address();
        long ofQueries = queries.address();
        long ofKeys = keys.address();
        long ofValues = values.address();
        for (int token = 0; token < batchRows * length; token++) {
            int row = token / length;
            int position = token % length;
            long to = (long) token * all * width;
            for (int head = 0; head < heads; head++) {
                long from = query(row, head, position, batchRows, length);
                turn(ofQueries, from, narrow, out, to + (long) head * width, narrow, position, scale, -1);
            }
            for (int head = 0; head < shared; head++) {
                long from = key(row, head, position, length);
                turn(ofKeys, from, false, out, to + (long) (heads + head) * width, narrow, position, 1, -1);
                narrowRow(ofValues, from, out, to + (long) (heads + shared + head) * width);
            }
        }
        return joined;
    }

    /** Queries' outputs [BHL,d] -> [N,Hd]. */
    Tensor merge(Tensor outputs, int batchRows, int length) {
        Tensor merged = Tensor.empty(product, (long) batchRows * length, (long) heads * width);
        long from = outputs.address();
        long to = merged.address();
        for (int token = 0; token < batchRows * length; token++) {
            for (int head = 0; head < heads; head++) {
                long source = query(token / length, head, token % length, batchRows, length);
                Lanes.move(from, source, to, ((long) token * heads + head) * width, width, narrow);
            }
        }
        return merged;
    }

    /** Gradients [N,Hd] -> [BHL,d]; returns for each query the sum of gradient times output [BHL], float32. */
    Tensor unmerge(Tensor gradients, Tensor outputs, Tensor byQuery, int batchRows, int length) {
        Tensor sums = Tensor.empty(DType.FLOAT32, byQuery.sizes()[0]);
        long given = gradients.address();
        long output = outputs.address();
        long to = byQuery.address();
        long toSums = sums.address();
        for (int token = 0; token < batchRows * length; token++) {
            for (int head = 0; head < heads; head++) {
                long source = ((long) token * heads + head) * width;
                long target = query(token / length, head, token % length, batchRows, length);
                Lanes.move(given, source, to, target, width, narrow);
                put(dot(given, output, source), toSums, target / width);
            }
        }
        return sums;
    }

    /** Adds what a block has for the past [n,E,d], product type, to what there is of all positions [n,L,d], float32. */
    void addPast(Tensor part, Tensor all) {
        long count = part.sizes()[1] * width;
        long stride = all.sizes()[1] * width;
        for (long group = 0; group < part.sizes()[0]; group++) {
            Lanes.add(part.address(), group * count, narrow, all.address(), group * stride, count);
        }
    }

    private void narrowRow(long from, long fromIndex, long to, long toIndex) {
        int index = 0;
        for (; index <= width - COUNT; index += COUNT) {
            store(load(from, fromIndex + index), to, toIndex + index, narrow);
        }
        for (; index < width; index++) {
            put(get(from, fromIndex + index), to, toIndex + index, narrow);
        }
    }

    /** Where a head's query begins: see {@link QueryBlock}. */
    private long query(int row, int head, int position, int batchRows, int length) {
        int members = heads / shared;
        int group = row * shared + head / members;
        return QueryBlock.of(position, length, batchRows * shared, members).query(group, head % members, position)
                * width;
    }

    private long key(int row, int head, int position, int length) {
        return (((long) row * shared + head) * length + position) * width;
    }

    private float dot(long left, long right, long from) {
        FloatVector sums = FloatVector.zero(Lanes.FLOATS);
        int index = 0;
        for (; index <= width - COUNT; index += COUNT) {
            sums = load(left, from + index, narrow).fma(load(right, from + index, narrow), sums);
        }
        float sum = ExactLanes.sum(sums);
        for (; index < width; index++) {
            sum += get(left, from + index, narrow) * get(right, from + index, narrow);
        }
        return sum;
    }

    /** Turns one head by its position's angle, forwards (1) or back (-1), and scales it. */
    private void turn(
            long in,
            long from,
            boolean fromNarrow,
            long out,
            long to,
            boolean toNarrow,
            int position,
            float factor,
            float direction) {
        long angle = (long) position * width;
        int index = 0;
        for (; index <= half - COUNT; index += COUNT) {
            FloatVector first = load(in, from + index, fromNarrow);
            FloatVector second = load(in, from + index + half, fromNarrow);
            FloatVector cosine = load(cosines, angle + index).mul(factor);
            FloatVector sine = load(sines, angle + index + half).mul(factor * direction);
            store(first.mul(cosine).sub(second.mul(sine)), out, to + index, toNarrow);
            store(second.mul(cosine).add(first.mul(sine)), out, to + index + half, toNarrow);
        }
        for (; index < half; index++) {
            float first = get(in, from + index, fromNarrow);
            float second = get(in, from + index + half, fromNarrow);
            float cosine = get(cosines, angle + index) * factor;
            float sine = get(sines, angle + index + half) * factor * direction;
            put(first * cosine - second * sine, out, to + index, toNarrow);
            put(second * cosine + first * sine, out, to + index + half, toNarrow);
        }
    }
}
