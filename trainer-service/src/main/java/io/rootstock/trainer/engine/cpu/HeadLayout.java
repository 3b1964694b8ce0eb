package io.rootstock.trainer.engine.cpu;

import static io.rootstock.trainer.engine.cpu.Lanes.COUNT;
import static io.rootstock.trainer.engine.cpu.Lanes.get;
import static io.rootstock.trainer.engine.cpu.Lanes.load;
import static io.rootstock.trainer.engine.cpu.Lanes.put;
import static io.rootstock.trainer.engine.cpu.Lanes.store;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.torch.DType;
import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.batch.RowSpans;
import io.rootstock.trainer.engine.model.RotaryTable;
import jdk.incubator.vector.FloatVector;

/**
 * Converts between the token layout of projections, [N,(H+2K)d], and the layouts that attention multiplies: keys and values
 * by row and head, [B,K,L,d], and queries by blocks ({@link QueryBlock}), [BHL,d]. Applies the rotary embedding (Su et al.
 * 2021, rotate-half convention) to queries and keys on the way. Rows are padded with zeros to L in the layouts of heads
 * alone. N tokens in B rows, H query heads and K key-value heads of width d.
 */
final class HeadLayout {
    private final int heads;
    private final int kvHeads;
    private final int width;
    private final int halfWidth;
    private final float scale; // 1 / sqrt(d)
    private final DType computeType;
    private final boolean bf16;
    private final long cosines;
    private final long sines;

    HeadLayout(ModelShape shape, DType computeType, RotaryTable rotary) {
        this.heads = shape.heads();
        this.kvHeads = shape.keyValueHeads();
        this.width = shape.headDimension();
        this.halfWidth = width / 2;
        this.scale = (float) (1 / Math.sqrt(width));
        this.computeType = computeType;
        this.bf16 = computeType == DType.BFLOAT16;
        this.cosines = rotary.cosines().address();
        this.sines = rotary.sines().address();
    }

    /**
     * Splits the fused projection into heads.
     *
     * @param queryKeyValue [N,(H+2K)d], compute type
     * @param queries output [BHL,d], rotated and divided by sqrt(d), float32
     * @param keys output [B,K,L,d], rotated, float32
     * @param values output [B,K,L,d], compute type
     */
    void split(Tensor queryKeyValue, Tensor queries, Tensor keys, Tensor values, RowSpans.Block rows) {
        long in = queryKeyValue.address();
        long toQueries = queries.address();
        long toKeys = keys.address();
        long toValues = values.address();
        int all = heads + 2 * kvHeads;
        long from = 0;
        for (int row = 0; row < rows.rows(); row++) {
            for (int position = 0; position < rows.lengths()[row]; position++) {
                for (int head = 0; head < heads; head++) {
                    long to = query(row, head, position, rows);
                    rotate(in, from + (long) head * width, bf16, toQueries, to, false, position, scale, 1);
                }
                for (int head = 0; head < kvHeads; head++) {
                    long to = key(row, head, position, rows);
                    rotate(in, from + (long) (heads + head) * width, bf16, toKeys, to, false, position, 1, 1);
                    Lanes.move(in, from + (long) (heads + kvHeads + head) * width, toValues, to, width, bf16);
                }
                from += (long) all * width;
            }
            clearQueries(toQueries, false, row, rows);
            long padding = (long) (rows.length() - rows.lengths()[row]) * width;
            for (int head = 0; head < kvHeads; head++) {
                long to = key(row, head, rows.lengths()[row], rows);
                Lanes.clear(toKeys, to, padding, false);
                Lanes.clear(toValues, to, padding, bf16);
            }
        }
    }

    /**
     * Gradient of {@link #split}: joins the gradients of the heads to the gradient of the fused projection [N,(H+2K)d],
     * compute type.
     *
     * @param queries [BHL,d], compute type
     * @param keys [B,K,L,d], float32
     * @param values [B,K,L,d], float32
     */
    Tensor join(Tensor queries, Tensor keys, Tensor values, RowSpans.Block rows) {
        int all = heads + 2 * kvHeads;
        Tensor joined = Tensor.empty(computeType, rows.tokens(), (long) all * width);
        long out = joined.address();
        long dQueries = queries.address();
        long dKeys = keys.address();
        long dValues = values.address();
        long to = 0;
        for (int row = 0; row < rows.rows(); row++) {
            for (int position = 0; position < rows.lengths()[row]; position++) {
                for (int head = 0; head < heads; head++) {
                    long from = query(row, head, position, rows);
                    rotate(dQueries, from, bf16, out, to + (long) head * width, bf16, position, scale, -1);
                }
                for (int head = 0; head < kvHeads; head++) {
                    long from = key(row, head, position, rows);
                    rotate(dKeys, from, false, out, to + (long) (heads + head) * width, bf16, position, 1, -1);
                    roundRow(dValues, from, out, to + (long) (heads + kvHeads + head) * width);
                }
                to += (long) all * width;
            }
        }
        return joined;
    }

    /** Reorders the outputs of the queries [BHL,d] to tokens [N,Hd], compute type. */
    Tensor merge(Tensor outputs, RowSpans.Block rows) {
        Tensor merged = Tensor.empty(computeType, rows.tokens(), (long) heads * width);
        long from = outputs.address();
        long to = merged.address();
        long target = 0;
        for (int row = 0; row < rows.rows(); row++) {
            for (int position = 0; position < rows.lengths()[row]; position++) {
                for (int head = 0; head < heads; head++) {
                    Lanes.move(from, query(row, head, position, rows), to, target, width, bf16);
                    target += width;
                }
            }
        }
        return merged;
    }

    /**
     * Reorders the gradients of the outputs from tokens to queries.
     *
     * @param gradients [N,Hd], compute type
     * @param outputs of the forward pass [N,Hd], compute type
     * @param byQuery output [BHL,d], compute type
     * @return dot product of gradient and output of each query [BHL], float32
     */
    Tensor unmerge(Tensor gradients, Tensor outputs, Tensor byQuery, RowSpans.Block rows) {
        Tensor sums = Tensor.empty(DType.FLOAT32, byQuery.sizes()[0]);
        long given = gradients.address();
        long output = outputs.address();
        long to = byQuery.address();
        long toSums = sums.address();
        long source = 0;
        for (int row = 0; row < rows.rows(); row++) {
            for (int position = 0; position < rows.lengths()[row]; position++) {
                for (int head = 0; head < heads; head++) {
                    long target = query(row, head, position, rows);
                    Lanes.move(given, source, to, target, width, bf16);
                    put(dot(given, output, source), toSums, target / width);
                    source += width;
                }
            }
            clearQueries(to, bf16, row, rows);
            clearSums(toSums, row, rows);
        }
        return sums;
    }

    /** Zeros the queries of a row's padding. */
    private void clearQueries(long queries, boolean toBf16, int row, RowSpans.Block rows) {
        for (int position = rows.lengths()[row]; position < rows.length(); position++) {
            for (int head = 0; head < heads; head++) {
                Lanes.clear(queries, query(row, head, position, rows), width, toBf16);
            }
        }
    }

    /** Zeros the dot products of a row's padding. */
    private void clearSums(long sums, int row, RowSpans.Block rows) {
        for (int position = rows.lengths()[row]; position < rows.length(); position++) {
            for (int head = 0; head < heads; head++) {
                put(0, sums, query(row, head, position, rows) / width);
            }
        }
    }

    /** Adds a block's gradient of keys or values [n,E,d], compute type, to the gradient of all positions [n,L,d], float32. */
    void addPast(Tensor blockGradient, Tensor gradient) {
        long count = blockGradient.sizes()[1] * width;
        long stride = gradient.sizes()[1] * width;
        for (long group = 0; group < blockGradient.sizes()[0]; group++) {
            Lanes.add(blockGradient.address(), group * count, bf16, gradient.address(), group * stride, count);
        }
    }

    /** Converts one float32 head to the compute type. */
    private void roundRow(long from, long fromIndex, long to, long toIndex) {
        int index = 0;
        for (; index <= width - COUNT; index += COUNT) {
            store(load(from, fromIndex + index), to, toIndex + index, bf16);
        }
        for (; index < width; index++) {
            put(get(from, fromIndex + index), to, toIndex + index, bf16);
        }
    }

    /** Element index of a query: see {@link QueryBlock}. */
    private long query(int row, int head, int position, RowSpans.Block rows) {
        int members = heads / kvHeads;
        int group = row * kvHeads + head / members;
        QueryBlock block = QueryBlock.of(position, rows.length(), rows.rows() * kvHeads, members);
        return block.query(group, head % members, position) * width;
    }

    /** Element index of a key or value in [B,K,L,d]. */
    private long key(int row, int head, int position, RowSpans.Block rows) {
        return (((long) row * kvHeads + head) * rows.length() + position) * width;
    }

    private float dot(long left, long right, long from) {
        FloatVector sums = FloatVector.zero(Lanes.FLOATS);
        int index = 0;
        for (; index <= width - COUNT; index += COUNT) {
            sums = load(left, from + index, bf16).fma(load(right, from + index, bf16), sums);
        }
        float sum = ExactLanes.sum(sums);
        for (; index < width; index++) {
            sum += get(left, from + index, bf16) * get(right, from + index, bf16);
        }
        return sum;
    }

    /**
     * Rotates one head by the angles of its position and scales it.
     *
     * @param in address of the input, from the element index {@code from}
     * @param fromBf16 whether the input is bfloat16; float32 otherwise
     * @param out address of the output, from the element index {@code to}
     * @param toBf16 whether the output is bfloat16; float32 otherwise
     * @param position position in the row
     * @param factor scale of the output
     * @param direction 1 to rotate, -1 for the inverse rotation of gradients
     */
    private void rotate(
            long in,
            long from,
            boolean fromBf16,
            long out,
            long to,
            boolean toBf16,
            int position,
            float factor,
            float direction) {
        long angle = (long) position * width;
        int index = 0;
        for (; index <= halfWidth - COUNT; index += COUNT) {
            FloatVector first = load(in, from + index, fromBf16);
            FloatVector second = load(in, from + index + halfWidth, fromBf16);
            FloatVector cosine = load(cosines, angle + index).mul(factor);
            FloatVector sine = load(sines, angle + index + halfWidth).mul(factor * direction);
            store(first.mul(cosine).sub(second.mul(sine)), out, to + index, toBf16);
            store(second.mul(cosine).add(first.mul(sine)), out, to + index + halfWidth, toBf16);
        }
        for (; index < halfWidth; index++) {
            float first = get(in, from + index, fromBf16);
            float second = get(in, from + index + halfWidth, fromBf16);
            float cosine = get(cosines, angle + index) * factor;
            float sine = get(sines, angle + index + halfWidth) * factor * direction;
            put(first * cosine - second * sine, out, to + index, toBf16);
            put(second * cosine + first * sine, out, to + index + halfWidth, toBf16);
        }
    }
}
