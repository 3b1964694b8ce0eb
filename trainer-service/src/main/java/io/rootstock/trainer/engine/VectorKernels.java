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
    private final int dimension;
    private final int feedForward;
    private final float epsilon;
    private final DType product;
    private final boolean half;
    private final VectorRotation rotation;

    VectorKernels(ModelShape shape, DType product, RotaryTable rotary) {
        this.dimension = shape.dimension();
        this.feedForward = shape.feedForward();
        this.epsilon = (float) shape.normEpsilon();
        this.product = product;
        this.half = product == DType.BFLOAT16;
        this.rotation = new VectorRotation(shape, product, rotary);
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
            addRow(from, (long) row * dimension, to, (long) tokens[row] * dimension, dimension);
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
            normRow(in, gains, out, inverses, row);
        }
        return new Normed(output, inverseRms);
    }

    private void normRow(long in, long gains, long out, long inverses, int row) {
        long base = (long) row * dimension;
        FloatVector squares = FloatVector.zero(FLOATS);
        int column = 0;
        for (; column <= dimension - COUNT; column += COUNT) {
            FloatVector x = load(in, base + column);
            squares = x.fma(x, squares);
        }
        float sum = ExactLanes.sum(squares);
        for (; column < dimension; column++) {
            float x = get(in, base + column);
            sum += x * x;
        }
        float inverse = (float) (1 / Math.sqrt(sum / dimension + epsilon));
        put(inverse, inverses, row);
        for (column = 0; column <= dimension - COUNT; column += COUNT) {
            FloatVector y = load(in, base + column).mul(inverse).mul(load(gains, column));
            store(y, out, base + column, half);
        }
        for (; column < dimension; column++) {
            put(get(in, base + column) * inverse * get(gains, column), out, base + column, half);
        }
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
            float inverse = get(inverses, row);
            float mean = normBackwardSums(given, in, gains, inverse, row, ofGain) / dimension;
            normBackwardRow(given, in, gains, out, inverse, mean, row);
        }
        if (past != null) {
            addRow(past.address(), 0, out, 0, (long) count * dimension);
        }
        if (gainGradient != null) {
            long total = gainGradient.address();
            for (int column = 0; column < dimension; column++) {
                put(get(total, column) + ofGain[column], total, column);
            }
        }
        return result;
    }

    /** Adds the row's share to the gain's gradient; returns the sum over the row of gradient * gain * normed. */
    private float normBackwardSums(long given, long in, long gains, float inverse, int row, float[] ofGain) {
        long base = (long) row * dimension;
        FloatVector along = FloatVector.zero(FLOATS);
        int column = 0;
        for (; column <= dimension - COUNT; column += COUNT) {
            FloatVector dy = load(given, base + column, half);
            FloatVector normed = load(in, base + column).mul(inverse);
            dy.fma(normed, FloatVector.fromArray(FLOATS, ofGain, column)).intoArray(ofGain, column);
            along = dy.mul(load(gains, column)).fma(normed, along);
        }
        float sum = ExactLanes.sum(along);
        for (; column < dimension; column++) {
            float dy = get(given, base + column, half);
            float normed = get(in, base + column) * inverse;
            ofGain[column] += dy * normed;
            sum += dy * get(gains, column) * normed;
        }
        return sum;
    }

    /** (gradient * gain - normed * mean) / rms. */
    private void normBackwardRow(long given, long in, long gains, long out, float inverse, float mean, int row) {
        long base = (long) row * dimension;
        int column = 0;
        for (; column <= dimension - COUNT; column += COUNT) {
            FloatVector ofNormed = load(given, base + column, half).mul(load(gains, column));
            FloatVector dx = ofNormed.sub(load(in, base + column).mul(inverse * mean));
            store(dx.mul(inverse), out, base + column);
        }
        for (; column < dimension; column++) {
            float ofNormed = get(given, base + column, half) * get(gains, column);
            put((ofNormed - get(in, base + column) * inverse * mean) * inverse, out, base + column);
        }
    }

    @Override
    public Heads rotate(Tensor queryKeyValue, int batchRows, int length) {
        return rotation.forward(queryKeyValue, batchRows, length);
    }

    @Override
    public Tensor rotateBackward(Heads gradients, int batchRows, int length) {
        return rotation.backward(gradients, batchRows, length);
    }

    @Override
    public Tensor toProduct(Tensor wide) {
        return half ? Operators.CONVERT.call(wide, product) : wide;
    }

    @Override
    public Tensor toWide(Tensor narrow) {
        return half ? Operators.CONVERT.call(narrow, DType.FLOAT32) : narrow;
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
        long to = wideGradient.address();
        long from = productGradient.address();
        int count = Math.toIntExact(wideGradient.elements());
        int index = 0;
        for (; index <= count - COUNT; index += COUNT) {
            store(load(to, index).add(load(from, index, half)), to, index);
        }
        for (; index < count; index++) {
            put(get(to, index) + get(from, index, half), to, index);
        }
    }

    @Override
    public Tensor swiglu(Tensor gateUp) {
        int count = (int) gateUp.sizes()[0];
        Tensor hidden = Tensor.empty(product, count, feedForward);
        long in = gateUp.address();
        long out = hidden.address();
        for (int row = 0; row < count; row++) {
            swigluRow(in, out, row);
        }
        return hidden;
    }

    private void swigluRow(long in, long out, int row) {
        long gates = 2L * row * feedForward;
        long ups = gates + feedForward;
        long base = (long) row * feedForward;
        int column = 0;
        for (; column <= feedForward - COUNT; column += COUNT) {
            FloatVector gate = load(in, gates + column, half);
            store(gate.mul(sigmoid(gate)).mul(load(in, ups + column, half)), out, base + column, half);
        }
        for (; column < feedForward; column++) {
            float gate = get(in, gates + column, half);
            put(gate * sigmoid(gate) * get(in, ups + column, half), out, base + column, half);
        }
    }

    @Override
    public Tensor swigluBackward(Tensor gradient, Tensor gateUp) {
        int count = (int) gateUp.sizes()[0];
        Tensor result = Tensor.empty(product, count, 2L * feedForward);
        long given = gradient.address();
        long in = gateUp.address();
        long out = result.address();
        for (int row = 0; row < count; row++) {
            swigluBackwardRow(given, in, out, row);
        }
        return result;
    }

    private void swigluBackwardRow(long given, long in, long out, int row) {
        long gates = 2L * row * feedForward;
        long ups = gates + feedForward;
        long base = (long) row * feedForward;
        int column = 0;
        for (; column <= feedForward - COUNT; column += COUNT) {
            FloatVector dy = load(given, base + column, half);
            FloatVector gate = load(in, gates + column, half);
            FloatVector sigmoid = sigmoid(gate);
            FloatVector silu = gate.mul(sigmoid);
            // silu' = sigmoid + silu * (1 - sigmoid)
            FloatVector slope = sigmoid.add(silu.mul(sigmoid.neg().add(1)));
            store(dy.mul(load(in, ups + column, half)).mul(slope), out, gates + column, half);
            store(dy.mul(silu), out, ups + column, half);
        }
        for (; column < feedForward; column++) {
            float dy = get(given, base + column, half);
            float gate = get(in, gates + column, half);
            float sigmoid = sigmoid(gate);
            float silu = gate * sigmoid;
            float slope = sigmoid + silu * (1 - sigmoid);
            put(dy * get(in, ups + column, half) * slope, out, gates + column, half);
            put(dy * silu, out, ups + column, half);
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

    private static FloatVector sigmoid(FloatVector x) {
        return FloatVector.broadcast(FLOATS, 1).div(ExactLanes.exp(x.neg()).add(1));
    }

    private static float sigmoid(float x) {
        return (float) (1 / (1 + Math.exp(-x)));
    }

    /** Adds float32 values to others. */
    private static void addRow(long from, long fromIndex, long to, long toIndex, long count) {
        long index = 0;
        for (; index <= count - COUNT; index += COUNT) {
            store(load(to, toIndex + index).add(load(from, fromIndex + index)), to, toIndex + index);
        }
        for (; index < count; index++) {
            put(get(to, toIndex + index) + get(from, fromIndex + index), to, toIndex + index);
        }
    }
}
