package io.rootstock.trainer.engine.cpu;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.torch.DType;
import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.model.Kernels;
import io.rootstock.trainer.engine.model.ModelTensors;

/** RMS norms of the query and key heads, forward and backward in one pass each. */
final class VectorHeadNorm {
    private final int heads;
    private final int kvHeads;
    private final int width;
    private final DType computeType;
    private final boolean bf16;
    private final VectorNorm norm;

    VectorHeadNorm(ModelShape shape, DType computeType) {
        this.heads = shape.heads();
        this.kvHeads = shape.keyValueHeads();
        this.width = shape.headDimension();
        this.computeType = computeType;
        this.bf16 = computeType == DType.BFLOAT16;
        this.norm = new VectorNorm(width, (float) shape.normEpsilon(), bf16, bf16);
    }

    /** Normalizes query and key heads of [N,(H+2K)d] and copies the values; 1 / RMS is [N,H+K]. */
    Kernels.Normed forward(Tensor queryKeyValue, ModelTensors.HeadGains gains) {
        int count = (int) queryKeyValue.sizes()[0];
        Tensor output = Tensor.empty(computeType, queryKeyValue.sizes());
        Tensor inverseRms = Tensor.empty(DType.FLOAT32, count, heads + (long) kvHeads);
        long in = queryKeyValue.address();
        long out = output.address();
        long inverses = inverseRms.address();
        long queryGain = gains.queries().address();
        long keyGain = gains.keys().address();
        for (int token = 0; token < count; token++) {
            for (int head = 0; head < heads + kvHeads; head++) {
                float inverse = norm.forward(in, head < heads ? queryGain : keyGain, out, at(token, head));
                Lanes.put(inverse, inverses, (long) token * (heads + kvHeads) + head);
            }
            long values = at(token, heads + kvHeads);
            Lanes.move(in, values, out, values, (long) kvHeads * width, bf16);
        }
        return new Kernels.Normed(output, inverseRms);
    }

    /** Gradient of the input from the gradient of the output, both [N,(H+2K)d]; accumulates the gains' gradients. */
    Tensor backward(
            Tensor gradient,
            Tensor queryKeyValue,
            Tensor inverseRms,
            ModelTensors.HeadGains gains,
            ModelTensors.HeadGains gainGradients) {
        int count = (int) queryKeyValue.sizes()[0];
        Tensor result = Tensor.empty(computeType, queryKeyValue.sizes());
        float[] dQueryGain = new float[width];
        float[] dKeyGain = new float[width];
        long dOutput = gradient.address();
        long in = queryKeyValue.address();
        long inverses = inverseRms.address();
        long queryGain = gains.queries().address();
        long keyGain = gains.keys().address();
        long out = result.address();
        for (int token = 0; token < count; token++) {
            for (int head = 0; head < heads + kvHeads; head++) {
                boolean query = head < heads;
                float inverse = Lanes.get(inverses, (long) token * (heads + kvHeads) + head);
                norm.backward(
                        dOutput,
                        in,
                        query ? queryGain : keyGain,
                        out,
                        inverse,
                        at(token, head),
                        query ? dQueryGain : dKeyGain);
            }
            long values = at(token, heads + kvHeads);
            Lanes.move(dOutput, values, out, values, (long) kvHeads * width, bf16);
        }
        VectorNorm.add(dQueryGain, address(gainGradients.queries()));
        VectorNorm.add(dKeyGain, address(gainGradients.keys()));
        return result;
    }

    private long at(int token, int head) {
        return ((long) token * (heads + 2L * kvHeads) + head) * width;
    }

    private static long address(Tensor tensor) {
        return tensor == null ? 0 : tensor.address();
    }
}
