package io.rootstock.trainer.engine;

import static io.rootstock.trainer.engine.Lanes.COUNT;
import static io.rootstock.trainer.engine.Lanes.get;
import static io.rootstock.trainer.engine.Lanes.load;
import static io.rootstock.trainer.engine.Lanes.put;
import static io.rootstock.trainer.engine.Lanes.store;

import io.rootstock.torch.DType;
import io.rootstock.torch.Tensor;
import jdk.incubator.vector.FloatVector;

/** Splitting into heads, rotary positions and the sharing of keys and values, in one pass each way. */
final class VectorRotation {
    private final int heads;
    private final int shared;
    private final int group;
    private final int width;
    private final int half;
    private final DType product;
    private final boolean narrow;
    private final long cosines;
    private final long sines;

    VectorRotation(ModelShape shape, DType product, RotaryTable rotary) {
        this.heads = shape.heads();
        this.shared = shape.keyValueHeads();
        this.group = heads / shared;
        this.width = shape.headDimension();
        this.half = width / 2;
        this.product = product;
        this.narrow = product == DType.BFLOAT16;
        this.cosines = rotary.cosines().address();
        this.sines = rotary.sines().address();
    }

    /** [N,(H+2K)d] -> queries, keys, values, each [B,H,L,d] over memory [B,L,H,d]. */
    Kernels.Heads forward(Tensor queryKeyValue, int batchRows, int length) {
        Tensor queries = Tensor.empty(DType.FLOAT32, batchRows, length, heads, width);
        Tensor keys = Tensor.empty(DType.FLOAT32, batchRows, length, heads, width);
        Tensor values = Tensor.empty(DType.FLOAT32, batchRows, length, heads, width);
        long in = queryKeyValue.address();
        long toQueries = queries.address();
        long toKeys = keys.address();
        long toValues = values.address();
        int all = heads + 2 * shared;
        for (int token = 0; token < batchRows * length; token++) {
            int position = token % length;
            long from = (long) token * all * width;
            long to = (long) token * heads * width;
            for (int head = 0; head < heads; head++) {
                turn(in, from + (long) head * width, toQueries, to + (long) head * width, position);
            }
            for (int head = 0; head < shared; head++) {
                long first = to + (long) head * group * width;
                turn(in, from + (long) (heads + head) * width, toKeys, first, position);
                widen(in, from + (long) (heads + shared + head) * width, toValues, first);
                for (int copy = 1; copy < group; copy++) {
                    Lanes.copy(toKeys, first, toKeys, first + (long) copy * width, width);
                    Lanes.copy(toValues, first, toValues, first + (long) copy * width, width);
                }
            }
        }
        return new Kernels.Heads(byHead(queries), byHead(keys), byHead(values));
    }

    /** Gradients [B,H,L,d] -> [N,(H+2K)d]. */
    Tensor backward(Kernels.Heads gradients, int batchRows, int length) {
        int all = heads + 2 * shared;
        Tensor result = Tensor.empty(product, (long) batchRows * length, (long) all * width);
        Strided queries = Strided.of(gradients.queries());
        Strided keys = Strided.of(gradients.keys());
        Strided values = Strided.of(gradients.values());
        long out = result.address();
        float[] sum = new float[width];
        for (int token = 0; token < batchRows * length; token++) {
            int row = token / length;
            int position = token % length;
            long to = (long) token * all * width;
            for (int head = 0; head < heads; head++) {
                sumHeads(queries, row, head, 1, position, sum);
                turnBack(sum, out, to + (long) head * width, position);
            }
            for (int head = 0; head < shared; head++) {
                sumHeads(keys, row, head * group, group, position, sum);
                turnBack(sum, out, to + (long) (heads + head) * width, position);
                sumHeads(values, row, head * group, group, position, sum);
                narrow(sum, out, to + (long) (heads + shared + head) * width);
            }
        }
        return result;
    }

    private record Strided(long address, long row, long head, long position) {
        static Strided of(Tensor heads) {
            long[] strides = heads.strides();
            if (strides[3] != 1) {
                throw new IllegalArgumentException("a head's values must be neighbours");
            }
            return new Strided(heads.address(), strides[0], strides[1], strides[2]);
        }
    }

    private static Tensor byHead(Tensor byToken) {
        return Operators.TRANSPOSE.call(byToken, 1L, 2L);
    }

    private void turn(long in, long from, long out, long to, int position) {
        long angle = (long) position * width;
        int index = 0;
        for (; index <= half - COUNT; index += COUNT) {
            FloatVector first = load(in, from + index, narrow);
            FloatVector second = load(in, from + index + half, narrow);
            FloatVector cosine = load(cosines, angle + index);
            FloatVector sine = load(sines, angle + index + half);
            store(first.mul(cosine).sub(second.mul(sine)), out, to + index);
            store(second.mul(cosine).add(first.mul(sine)), out, to + index + half);
        }
        for (; index < half; index++) {
            float first = get(in, from + index, narrow);
            float second = get(in, from + index + half, narrow);
            float cosine = get(cosines, angle + index);
            float sine = get(sines, angle + index + half);
            put(first * cosine - second * sine, out, to + index);
            put(second * cosine + first * sine, out, to + index + half);
        }
    }

    private void turnBack(float[] in, long out, long to, int position) {
        long angle = (long) position * width;
        int index = 0;
        for (; index <= half - COUNT; index += COUNT) {
            FloatVector first = FloatVector.fromArray(Lanes.FLOATS, in, index);
            FloatVector second = FloatVector.fromArray(Lanes.FLOATS, in, index + half);
            FloatVector cosine = load(cosines, angle + index);
            FloatVector sine = load(sines, angle + index + half);
            store(first.mul(cosine).add(second.mul(sine)), out, to + index, narrow);
            store(second.mul(cosine).sub(first.mul(sine)), out, to + index + half, narrow);
        }
        for (; index < half; index++) {
            float first = in[index];
            float second = in[index + half];
            float cosine = get(cosines, angle + index);
            float sine = get(sines, angle + index + half);
            put(first * cosine + second * sine, out, to + index, narrow);
            put(second * cosine - first * sine, out, to + index + half, narrow);
        }
    }

    private void widen(long in, long from, long out, long to) {
        int index = 0;
        for (; index <= width - COUNT; index += COUNT) {
            store(load(in, from + index, narrow), out, to + index);
        }
        for (; index < width; index++) {
            put(get(in, from + index, narrow), out, to + index);
        }
    }

    private void narrow(float[] in, long out, long to) {
        int index = 0;
        for (; index <= width - COUNT; index += COUNT) {
            store(FloatVector.fromArray(Lanes.FLOATS, in, index), out, to + index, narrow);
        }
        for (; index < width; index++) {
            put(in[index], out, to + index, narrow);
        }
    }

    private void sumHeads(Strided heads, int row, int first, int count, int position, float[] sum) {
        long base = row * heads.row() + first * heads.head() + position * heads.position();
        int index = 0;
        for (; index <= width - COUNT; index += COUNT) {
            FloatVector total = load(heads.address(), base + index);
            for (int head = 1; head < count; head++) {
                total = total.add(load(heads.address(), base + head * heads.head() + index));
            }
            total.intoArray(sum, index);
        }
        for (; index < width; index++) {
            float total = get(heads.address(), base + index);
            for (int head = 1; head < count; head++) {
                total += get(heads.address(), base + head * heads.head() + index);
            }
            sum[index] = total;
        }
    }
}
