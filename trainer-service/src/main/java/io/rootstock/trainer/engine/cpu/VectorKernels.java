package io.rootstock.trainer.engine.cpu;

import static io.rootstock.trainer.engine.cpu.Lanes.COUNT;
import static io.rootstock.trainer.engine.cpu.Lanes.FLOATS;
import static io.rootstock.trainer.engine.cpu.Lanes.get;
import static io.rootstock.trainer.engine.cpu.Lanes.load;
import static io.rootstock.trainer.engine.cpu.Lanes.put;
import static io.rootstock.trainer.engine.cpu.Lanes.store;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.torch.DType;
import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.batch.TargetWeights;
import io.rootstock.trainer.engine.model.Kernels;
import io.rootstock.trainer.engine.model.ModelTensors;
import io.rootstock.trainer.engine.model.Operators;
import jdk.incubator.vector.FloatVector;

/**
 * Kernels in the JDK's Vector API over libtorch's memory, for the master type float32 and matrix products in float32 or
 * bfloat16. Each makes one pass over memory where libtorch's operators make several.
 */
final class VectorKernels implements Kernels {
    private static final FloatVector ONE = FloatVector.broadcast(FLOATS, 1);

    private final int dimension;
    private final int feedForward;
    private final DType computeType;
    private final boolean bf16;
    private final VectorNorm norm;
    private final VectorHeadNorm headNorm;

    VectorKernels(ModelShape shape, DType computeType) {
        this.dimension = shape.dimension();
        this.feedForward = shape.feedForward();
        this.computeType = computeType;
        this.bf16 = computeType == DType.BFLOAT16;
        this.norm = new VectorNorm(dimension, (float) shape.normEpsilon(), false, bf16);
        this.headNorm = new VectorHeadNorm(shape, computeType);
    }

    @Override
    public Tensor embed(Tensor embedding, int[] tokens) {
        return gatherRows(embedding, tokens);
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
    public Tensor gatherRows(Tensor rows, int[] positions) {
        Tensor gathered = Tensor.empty(DType.FLOAT32, positions.length, dimension);
        long from = rows.address();
        long to = gathered.address();
        for (int row = 0; row < positions.length; row++) {
            Lanes.copy(from, (long) positions[row] * dimension, to, (long) row * dimension, dimension);
        }
        return gathered;
    }

    @Override
    public Tensor scatterRows(Tensor rows, int[] positions, int count) {
        Tensor scattered = Tensor.zeros(DType.FLOAT32, count, dimension);
        long from = rows.address();
        long to = scattered.address();
        for (int row = 0; row < positions.length; row++) {
            Lanes.copy(from, (long) row * dimension, to, (long) positions[row] * dimension, dimension);
        }
        return scattered;
    }

    @Override
    public Normed norm(Tensor rows, Tensor gain) {
        int count = (int) rows.sizes()[0];
        Tensor output = Tensor.empty(computeType, count, dimension);
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
            Tensor gradient,
            Tensor rows,
            Tensor inverseRms,
            Tensor gain,
            Tensor gainGradient,
            Tensor residualGradient) {
        int count = (int) rows.sizes()[0];
        Tensor result = Tensor.empty(DType.FLOAT32, count, dimension);
        float[] dGain = new float[dimension];
        long dOutput = gradient.address();
        long in = rows.address();
        long inverses = inverseRms.address();
        long gains = gain.address();
        long out = result.address();
        for (int row = 0; row < count; row++) {
            norm.backward(dOutput, in, gains, out, get(inverses, row), (long) row * dimension, dGain);
        }
        if (residualGradient != null) {
            Lanes.add(residualGradient.address(), 0, false, out, 0, (long) count * dimension);
        }
        VectorNorm.add(dGain, gainGradient == null ? 0 : gainGradient.address());
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
    public Tensor toComputeType(Tensor tensor) {
        return bf16 ? converted(tensor, computeType) : tensor;
    }

    @Override
    public Tensor toMasterType(Tensor tensor) {
        return bf16 ? converted(tensor, DType.FLOAT32) : tensor;
    }

    /** libtorch's conversion, with the result in the thread's workspace. */
    private static Tensor converted(Tensor tensor, DType type) {
        Tensor converted = Tensor.empty(type, tensor.sizes());
        Operators.COPY.run(converted, tensor);
        return converted;
    }

    @Override
    public Tensor add(Tensor left, Tensor right) {
        Tensor sum = Tensor.empty(DType.FLOAT32, left.sizes());
        long leftAddress = left.address();
        long rightAddress = right.address();
        long out = sum.address();
        int count = Math.toIntExact(left.elements());
        int index = 0;
        for (; index <= count - COUNT; index += COUNT) {
            store(load(leftAddress, index).add(load(rightAddress, index, bf16)), out, index);
        }
        for (; index < count; index++) {
            put(get(leftAddress, index) + get(rightAddress, index, bf16), out, index);
        }
        return sum;
    }

    @Override
    public void accumulate(Tensor masterGradient, Tensor computeGradient) {
        Lanes.add(computeGradient.address(), 0, bf16, masterGradient.address(), 0, masterGradient.elements());
    }

    @Override
    public void accumulateRows(Tensor masterGradient, Tensor computeGradient) {
        long[] sizes = computeGradient.sizes();
        long from = computeGradient.address();
        long to = masterGradient.address();
        for (long row = 0; row < sizes[0]; row++) {
            Lanes.add(from, row * sizes[1], bf16, to, 0, sizes[1]);
        }
    }

    @Override
    public Tensor swiglu(Tensor gateUp) {
        int count = (int) gateUp.sizes()[0];
        Tensor hidden = Tensor.empty(computeType, count, feedForward);
        float[] sigmoids = new float[feedForward];
        for (int row = 0; row < count; row++) {
            swigluRow(gateUp.address(), hidden.address(), row, sigmoids);
        }
        return hidden;
    }

    /** Writes gate * sigmoid(gate) * up of a row [F], and the sigmoids [F]. */
    private void swigluRow(long in, long out, int row, float[] sigmoids) {
        long gates = 2L * row * feedForward;
        long ups = gates + feedForward;
        long base = (long) row * feedForward;
        int column = 0;
        for (; column <= feedForward - COUNT; column += COUNT) {
            FloatVector gate = load(in, gates + column, bf16);
            FloatVector sigmoid = ONE.div(ExactLanes.exp(gate.neg()).add(ONE));
            sigmoid.intoArray(sigmoids, column);
            store(gate.mul(sigmoid).mul(load(in, ups + column, bf16)), out, base + column, bf16);
        }
        for (; column < feedForward; column++) {
            float gate = get(in, gates + column, bf16);
            sigmoids[column] = (float) (1 / (1 + Math.exp(-gate)));
            put(gate * sigmoids[column] * get(in, ups + column, bf16), out, base + column, bf16);
        }
    }

    @Override
    public Gated swigluBackward(Tensor gradient, Tensor gateUp) {
        int count = (int) gateUp.sizes()[0];
        Tensor dGateUp = Tensor.empty(computeType, count, 2L * feedForward);
        Tensor hidden = Tensor.empty(computeType, count, feedForward);
        float[] sigmoids = new float[feedForward];
        for (int row = 0; row < count; row++) {
            swigluRow(gateUp.address(), hidden.address(), row, sigmoids);
            swigluBackwardRow(gradient.address(), gateUp.address(), dGateUp.address(), row, sigmoids);
        }
        return new Gated(dGateUp, hidden);
    }

    /** Writes the gradients of gates and ups of a row: silu' = sigmoid + silu * (1 - sigmoid). */
    private void swigluBackwardRow(long given, long in, long out, int row, float[] sigmoids) {
        long gates = 2L * row * feedForward;
        long ups = gates + feedForward;
        long base = (long) row * feedForward;
        int column = 0;
        for (; column <= feedForward - COUNT; column += COUNT) {
            FloatVector dy = load(given, base + column, bf16);
            FloatVector sigmoid = FloatVector.fromArray(FLOATS, sigmoids, column);
            FloatVector silu = load(in, gates + column, bf16).mul(sigmoid);
            FloatVector slope = sigmoid.add(silu.mul(ONE.sub(sigmoid)));
            store(dy.mul(silu), out, ups + column, bf16);
            store(dy.mul(load(in, ups + column, bf16)).mul(slope), out, gates + column, bf16);
        }
        for (; column < feedForward; column++) {
            float dy = get(given, base + column, bf16);
            float sigmoid = sigmoids[column];
            float silu = get(in, gates + column, bf16) * sigmoid;
            float slope = sigmoid + silu * (1 - sigmoid);
            put(dy * silu, out, ups + column, bf16);
            put(dy * get(in, ups + column, bf16) * slope, out, gates + column, bf16);
        }
    }

    @Override
    public double[] crossEntropy(Tensor logits, int[] targets) {
        return VectorCrossEntropy.rows(logits, targets, bf16);
    }

    @Override
    public double crossEntropyBackward(Tensor logits, int[] targets, TargetWeights weights, double scale) {
        return VectorCrossEntropy.backward(logits, targets, weights, scale, bf16);
    }
}
