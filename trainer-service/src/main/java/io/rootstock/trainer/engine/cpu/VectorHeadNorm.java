package io.rootstock.trainer.engine;

import io.rootstock.torch.DType;
import io.rootstock.torch.Tensor;

/** Norms of the heads of queries and keys, in one pass each way. */
final class VectorHeadNorm {
    private final int heads;
    private final int shared;
    private final int width;
    private final DType product;
    private final boolean half;
    private final VectorNorm norm;

    VectorHeadNorm(ModelShape shape, DType product) {
        this.heads = shape.heads();
        this.shared = shape.keyValueHeads();
        this.width = shape.headDimension();
        this.product = product;
        this.half = product == DType.BFLOAT16;
        this.norm = new VectorNorm(width, (float) shape.normEpsilon(), half, half);
    }

    /** [N,(H+2K)d] -> the same with queries and keys normed, and [N,H+K]. */
    Kernels.Normed forward(Tensor queryKeyValue, ModelTensors.HeadGains gains) {
        int count = (int) queryKeyValue.sizes()[0];
        Tensor output = Tensor.empty(product, queryKeyValue.sizes());
        Tensor inverseRms = Tensor.empty(DType.FLOAT32, count, heads + (long) shared);
        long in = queryKeyValue.address();
        long out = output.address();
        long inverses = inverseRms.address();
        long ofQueries = gains.queries().address();
        long ofKeys = gains.keys().address();
        for (int token = 0; token < count; token++) {
            for (int head = 0; head < heads + shared; head++) {
                float inverse = norm.forward(in, head < heads ? ofQueries : ofKeys, out, at(token, head));
                Lanes.put(inverse, inverses, (long) token * (heads + shared) + head);
            }
            long values = at(token, heads + shared);
            Lanes.move(in, values, out, values, (long) shared * width, half);
        }
        return new Kernels.Normed(output, inverseRms);
    }

    /** Gradient of forward's input from that of its output, both [N,(H+2K)d]. */
    Tensor backward(
            Tensor gradient,
            Tensor queryKeyValue,
            Tensor inverseRms,
            ModelTensors.HeadGains gains,
            ModelTensors.HeadGains gainGradients) {
        int count = (int) queryKeyValue.sizes()[0];
        Tensor result = Tensor.empty(product, queryKeyValue.sizes());
        float[] ofQueries = new float[width];
        float[] ofKeys = new float[width];
        long given = gradient.address();
        long in = queryKeyValue.address();
        long inverses = inverseRms.address();
        long queryGain = gains.queries().address();
        long keyGain = gains.keys().address();
        long out = result.address();
        for (int token = 0; token < count; token++) {
            for (int head = 0; head < heads + shared; head++) {
                boolean query = head < heads;
                float inverse = Lanes.get(inverses, (long) token * (heads + shared) + head);
                norm.backward(
                        given,
                        in,
                        query ? queryGain : keyGain,
                        out,
                        inverse,
                        at(token, head),
                        query ? ofQueries : ofKeys);
            }
            long values = at(token, heads + shared);
            Lanes.move(given, values, out, values, (long) shared * width, half);
        }
        VectorNorm.add(ofQueries, address(gainGradients.queries()));
        VectorNorm.add(ofKeys, address(gainGradients.keys()));
        return result;
    }

    private long at(int token, int head) {
        return ((long) token * (heads + 2L * shared) + head) * width;
    }

    private static long address(Tensor tensor) {
        return tensor == null ? 0 : tensor.address();
    }
}
