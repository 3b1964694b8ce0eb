package io.rootstock.trainer.engine;

import static io.rootstock.trainer.engine.Lanes.COUNT;
import static io.rootstock.trainer.engine.Lanes.FLOATS;
import static io.rootstock.trainer.engine.Lanes.get;
import static io.rootstock.trainer.engine.Lanes.load;
import static io.rootstock.trainer.engine.Lanes.put;
import static io.rootstock.trainer.engine.Lanes.store;

import io.rootstock.torch.DType;
import io.rootstock.torch.Tensor;
import jdk.incubator.vector.FloatVector;

/**
 * Kernels in the JDK's Vector API over libtorch's own memory, for float32 on the CPU with products in float32 or bfloat16.
 * Each makes one pass where libtorch's operators make several.
 */
final class VectorKernels implements Kernels {
    private static final FloatVector ONE = FloatVector.broadcast(FLOATS, 1);

    private final int dimension;
    private final int feedForward;
    private final DType product;
    private final boolean half;
    private final VectorNorm norm;
    private final VectorHeadNorm headNorm;

    VectorKernels(ModelShape shape, DType product) {
        this.dimension = shape.dimension();
        this.feedForward = shape.feedForward();
        this.product = product;
        this.half = product == DType.BFLOAT16;
        this.norm = new VectorNorm(dimension, (float) shape.normEpsilon(), false, half);
        this.headNorm = new VectorHeadNorm(shape, product);
    }

    @Override
    public Tensor embed(Tensor embedding, int[] tokens) {
        return selectRows(embedding, tokens);
    }

    @Override
    public void embedBackward(Tensor gradient, int[] tokens, Tensor embeddingGradient) {
        long from = gradient.address();
        long to = embeddingGradient.address();
        for (int row = 0; row < tokens.length; row++) {
            Lanes.add(from, (long) row * dimension, false, to, (long) tokens[row] * dimension, dimension);
        }
    }

    @Override
    public Tensor selectRows(Tensor rows, int[] positions) {
        Tensor selected = Tensor.empty(DType.FLOAT32, positions.length, dimension);
        long from = rows.address();
        long to = selected.address();
        for (int row = 0; row < positions.length; row++) {
            Lanes.copy(from, (long) positions[row] * dimension, to, (long) row * dimension, dimension);
        }
        return selected;
    }

    @Override
    public Tensor spreadRows(Tensor rows, int[] positions, int count) {
        Tensor spread = Tensor.zeros(DType.FLOAT32, count, dimension);
        long from = rows.address();
        long to = spread.address();
        for (int row = 0; row < positions.length; row++) {
            Lanes.copy(from, (long) row * dimension, to, (long) positions[row] * dimension, dimension);
        }
        return spread;
    }

    @Override
    public Normed norm(Tensor rows, Tensor gain) {
        int count = (int) rows.sizes()[0];
        Tensor output = Tensor.empty(product, count, dimension);
        Tensor inverseRms = Tensor.empty(DType.FLOAT32, count, 1);
        long in = rows.address();
        long gains = gain.address();
        long out = output.address();
        long inverses = inverseRms.address();
        for (int row = 0; row < count; row++) {
            put(norm.forward(in, gains, out, (long) row * dimension), inverses, row);
        }
        return new Normed(output, inverseRms);
    }

    @Override
    public Tensor normBackward(
            Tensor gradient, Tensor rows, Tensor inverseRms, Tensor gain, Tensor gainGradient, Tensor past) {
        int count = (int) rows.sizes()[0];
        Tensor result = Tensor.empty(DType.FLOAT32, count, dimension);
        float[] ofGain = new float[dimension];
        long given = gradient.address();
        long in = rows.address();
        long inverses = inverseRms.address();
        long gains = gain.address();
        long out = result.address();
        for (int row = 0; row < count; row++) {
            norm.backward(given, in, gains, out, get(inverses, row), (long) row * dimension, ofGain);
        }
        if (past != null) {
            Lanes.add(past.address(), 0, false, out, 0, (long) count * dimension);
        }
        VectorNorm.add(ofGain, gainGradient == null ? 0 : gainGradient.address());
        return result;
    }

    @Override
    public Normed normHeads(Tensor queryKeyValue, ModelTensors.HeadGains gains) {
        return headNorm.forward(queryKeyValue, gains);
    }

    @Override
    public Tensor normHeadsBackward(
            Tensor gradient,
            Tensor queryKeyValue,
            Tensor inverseRms,
            ModelTensors.HeadGains gains,
            ModelTensors.HeadGains gainGradients) {
        return headNorm.backward(gradient, queryKeyValue, inverseRms, gains, gainGradients);
    }

    @Override
    public Tensor toProduct(Tensor wide) {
        return half ? converted(wide, product) : wide;
    }

    @Override
    public Tensor toWide(Tensor narrow) {
        return half ? converted(narrow, DType.FLOAT32) : narrow;
    }

    /** As libtorch converts, but in memory of the workspace. */
    private static Tensor converted(Tensor tensor, DType type) {
        Tensor converted = Tensor.empty(type, tensor.sizes());
        Operators.COPY.run(converted, tensor);
        return converted;
    }

    @Override
    public Tensor add(Tensor wide, Tensor added) {
        Tensor sum = Tensor.empty(DType.FLOAT32, wide.sizes());
        long left = wide.address();
        long right = added.address();
        long out = sum.address();
        int count = Math.toIntExact(wide.elements());
        int index = 0;
        for (; index <= count - COUNT; index += COUNT) {
            store(load(left, index).add(load(right, index, half)), out, index);
        }
        for (; index < count; index++) {
            put(get(left, index) + get(right, index, half), out, index);
        }
        return sum;
    }

    @Override
    public void accumulate(Tensor wideGradient, Tensor productGradient) {
        Lanes.add(productGradient.address(), 0, half, wideGradient.address(), 0, wideGradient.elements());
    }

    @Override
    public void accumulateRows(Tensor wideGradient, Tensor productGradient) {
        long[] sizes = productGradient.sizes();
        long from = productGradient.address();
        long to = wideGradient.address();
        for (long row = 0; row < sizes[0]; row++) {
            Lanes.add(from, row * sizes[1], half, to, 0, sizes[1]);
        }
    }

    @Override
    public Tensor swiglu(Tensor gateUp) {
        int count = (int) gateUp.sizes()[0];
        Tensor hidden = Tensor.empty(product, count, feedForward);
        float[] sigmoids = new float[feedForward];
        for (int row = 0; row < count; row++) {
            swigluRow(gateUp.address(), hidden.address(), row, sigmoids);
        }
        return hidden;
    }

    /** Writes gate * sigmoid(gate) * up, and the sigmoids [F]. */
    private void swigluRow(long in, long out, int row, float[] sigmoids) {
        long gates = 2L * row * feedForward;
        long ups = gates + feedForward;
        long base = (long) row * feedForward;
        int column = 0;
        for (; column <= feedForward - COUNT; column += COUNT) {
            FloatVector gate = load(in, gates + column, half);
            FloatVector sigmoid = ONE.div(ExactLanes.exp(gate.neg()).add(ONE));
            sigmoid.intoArray(sigmoids, column);
            store(gate.mul(sigmoid).mul(load(in, ups + column, half)), out, base + column, half);
        }
        for (; column < feedForward; column++) {
            float gate = get(in, gates + column, half);
            sigmoids[column] = (float) (1 / (1 + Math.exp(-gate)));
            put(gate * sigmoids[column] * get(in, ups + column, half), out, base + column, half);
        }
    }

    @Override
    public Gated swigluBackward(Tensor gradient, Tensor gateUp) {
        int count = (int) gateUp.sizes()[0];
        Tensor ofGateUp = Tensor.empty(product, count, 2L * feedForward);
        Tensor hidden = Tensor.empty(product, count, feedForward);
        float[] sigmoids = new float[feedForward];
        for (int row = 0; row < count; row++) {
            swigluRow(gateUp.address(), hidden.address(), row, sigmoids);
            swigluBackwardRow(gradient.address(), gateUp.address(), ofGateUp.address(), row, sigmoids);
        }
        return new Gated(ofGateUp, hidden);
    }

    /** silu' = sigmoid + silu * (1 - sigmoid). */
    private void swigluBackwardRow(long given, long in, long out, int row, float[] sigmoids) {
        long gates = 2L * row * feedForward;
        long ups = gates + feedForward;
        long base = (long) row * feedForward;
        int column = 0;
        for (; column <= feedForward - COUNT; column += COUNT) {
            FloatVector dy = load(given, base + column, half);
            FloatVector sigmoid = FloatVector.fromArray(FLOATS, sigmoids, column);
            FloatVector silu = load(in, gates + column, half).mul(sigmoid);
            FloatVector slope = sigmoid.add(silu.mul(ONE.sub(sigmoid)));
            store(dy.mul(silu), out, ups + column, half);
            store(dy.mul(load(in, ups + column, half)).mul(slope), out, gates + column, half);
        }
        for (; column < feedForward; column++) {
            float dy = get(given, base + column, half);
            float sigmoid = sigmoids[column];
            float silu = get(in, gates + column, half) * sigmoid;
            float slope = sigmoid + silu * (1 - sigmoid);
            put(dy * silu, out, ups + column, half);
            put(dy * get(in, ups + column, half) * slope, out, gates + column, half);
        }
    }

    @Override
    public double[] crossEntropy(Tensor logits, int[] targets) {
        return VectorCrossEntropy.rows(logits, targets, half);
    }

    @Override
    public double crossEntropyBackward(Tensor logits, int[] targets, TargetWeights weights, double scale) {
        return VectorCrossEntropy.backward(logits, targets, weights, scale, half);
    }
}
