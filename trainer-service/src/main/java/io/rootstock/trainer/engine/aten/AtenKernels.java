package io.rootstock.trainer.engine.aten;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import io.rootstock.trainer.engine.batch.TargetWeights;
import io.rootstock.trainer.engine.model.Kernels;
import io.rootstock.trainer.engine.model.ModelTensors;
import io.rootstock.trainer.engine.model.Operators;
import java.util.Arrays;
import java.util.stream.LongStream;

/** Kernels by libtorch's operators, for any element type: the reference for all other kernels. */
public final class AtenKernels implements Kernels {
    private static final long NO_REDUCTION = 0;

    private final ModelShape shape;
    private final DType masterType;
    private final DType computeType;

    /** Kernels for a model. */
    public AtenKernels(ModelShape shape, DType masterType, DType computeType) {
        this.shape = shape;
        this.masterType = masterType;
        this.computeType = computeType;
    }

    @Override
    public Tensor embed(Tensor embedding, int[] tokens) {
        return gatherRows(embedding, tokens);
    }

    @Override
    public void embedBackward(Tensor gradient, int[] tokens, Tensor embeddingGradient) {
        try (Scope _ = Scope.open()) {
            Tensor added = Operators.EMBEDDING_BACKWARD.call(
                    gradient, indices(tokens), embeddingGradient.sizes()[0], -1L, false);
            addInto(embeddingGradient, added);
        }
    }

    @Override
    public Tensor gatherRows(Tensor rows, int[] positions) {
        try (Tensor index = indices(positions)) {
            return Operators.SELECT_ROWS.call(rows, 0L, index);
        }
    }

    @Override
    public Tensor scatterRows(Tensor rows, int[] positions, int count) {
        try (Tensor index = indices(positions)) {
            return Operators.EMBEDDING_BACKWARD.call(rows, index, (long) count, -1L, false);
        }
    }

    @Override
    public Normed norm(Tensor rows, Tensor gain) {
        try (Scope scope = Scope.open()) {
            Normed normed = rmsNorm(rows, gain);
            return new Normed(scope.keep(toComputeType(normed.output())), scope.keep(normed.inverseRms()));
        }
    }

    /** RMS norm over the last dimension, master type. */
    private Normed rmsNorm(Tensor rows, Tensor gain) {
        try (Scope scope = Scope.open()) {
            Tensor meanSquare = Operators.MEAN.call(Operators.MULTIPLY.call(rows, rows), new long[] {-1}, true);
            Tensor epsilon = Tensor.scalar(masterType, shape.normEpsilon());
            Tensor inverseRms = Operators.INVERSE_ROOT.call(meanSquare.plus(epsilon, 1));
            Tensor output = Operators.MULTIPLY.call(Operators.MULTIPLY.call(rows, inverseRms), gain);
            return new Normed(scope.keep(output), scope.keep(inverseRms));
        }
    }

    @Override
    public Tensor normBackward(
            Tensor gradient,
            Tensor rows,
            Tensor inverseRms,
            Tensor gain,
            Tensor gainGradient,
            Tensor residualGradient) {
        try (Scope scope = Scope.open()) {
            Tensor result = rmsNormBackward(toMasterType(gradient), rows, inverseRms, gain, gainGradient);
            return scope.keep(residualGradient == null ? result : residualGradient.plus(result, 1));
        }
    }

    /** Gradient of the input of rmsNorm; accumulates the gain's gradient unless it is frozen (null). */
    private static Tensor rmsNormBackward(
            Tensor dOutput, Tensor rows, Tensor inverseRms, Tensor gain, Tensor gainGradient) {
        try (Scope scope = Scope.open()) {
            Tensor normed = Operators.MULTIPLY.call(rows, inverseRms);
            if (gainGradient != null) {
                long[] allButTheLast =
                        LongStream.range(0, rows.sizes().length - 1).toArray();
                addInto(gainGradient, Operators.SUM.call(Operators.MULTIPLY.call(dOutput, normed), allButTheLast));
            }
            Tensor dNormed = Operators.MULTIPLY.call(dOutput, gain);
            Tensor projection = Operators.MEAN.call(Operators.MULTIPLY.call(dNormed, normed), new long[] {-1}, true);
            Tensor orthogonal = dNormed.plus(Operators.MULTIPLY.call(normed, projection), -1);
            return scope.keep(Operators.MULTIPLY.call(orthogonal, inverseRms));
        }
    }

    @Override
    public Normed normHeads(Tensor queryKeyValue, ModelTensors.HeadGains gains) {
        int heads = shape.heads();
        int kvHeads = shape.keyValueHeads();
        try (Scope scope = Scope.open()) {
            Tensor all = byHead(toMasterType(queryKeyValue));
            Normed queries = rmsNorm(Operators.NARROW.call(all, 1L, 0L, heads), gains.queries());
            Normed keys = rmsNorm(Operators.NARROW.call(all, 1L, heads, kvHeads), gains.keys());
            Tensor values = Operators.NARROW.call(all, 1L, heads + kvHeads, kvHeads);
            Tensor output = Operators.CONCATENATE.call(new Tensor[] {queries.output(), keys.output(), values}, 1L);
            Tensor inverseRms = Operators.CONCATENATE.call(new Tensor[] {queries.inverseRms(), keys.inverseRms()}, 1L);
            return new Normed(
                    scope.keep(toComputeType(Operators.VIEW.call(output, queryKeyValue.sizes()))),
                    scope.keep(inverseRms));
        }
    }

    @Override
    public Tensor normHeadsBackward(
            Tensor gradient,
            Tensor queryKeyValue,
            Tensor inverseRms,
            ModelTensors.HeadGains gains,
            ModelTensors.HeadGains gainGradients) {
        int heads = shape.heads();
        int kvHeads = shape.keyValueHeads();
        try (Scope scope = Scope.open()) {
            Tensor dOutput = byHead(toMasterType(gradient));
            Tensor all = byHead(toMasterType(queryKeyValue));
            Tensor dQueries = rmsNormBackward(
                    Operators.NARROW.call(dOutput, 1L, 0L, heads),
                    Operators.NARROW.call(all, 1L, 0L, heads),
                    Operators.NARROW.call(inverseRms, 1L, 0L, heads),
                    gains.queries(),
                    gainGradients.queries());
            Tensor dKeys = rmsNormBackward(
                    Operators.NARROW.call(dOutput, 1L, heads, kvHeads),
                    Operators.NARROW.call(all, 1L, heads, kvHeads),
                    Operators.NARROW.call(inverseRms, 1L, heads, kvHeads),
                    gains.keys(),
                    gainGradients.keys());
            Tensor dValues = Operators.NARROW.call(dOutput, 1L, heads + kvHeads, kvHeads);
            Tensor joined = Operators.CONCATENATE.call(new Tensor[] {dQueries, dKeys, dValues}, 1L);
            return scope.keep(toComputeType(Operators.VIEW.call(joined, queryKeyValue.sizes())));
        }
    }

    /** View of [N,(H+2K)d] as [N,H+2K,d]. */
    private Tensor byHead(Tensor queryKeyValue) {
        long heads = shape.heads() + 2L * shape.keyValueHeads();
        return Operators.VIEW.call(queryKeyValue, new long[] {-1, heads, shape.headDimension()});
    }

    @Override
    public Tensor toComputeType(Tensor tensor) {
        return computeType == masterType ? tensor : Operators.CONVERT.call(tensor, computeType);
    }

    @Override
    public Tensor toMasterType(Tensor tensor) {
        return computeType == masterType ? tensor : Operators.CONVERT.call(tensor, masterType);
    }

    @Override
    public Tensor add(Tensor left, Tensor right) {
        return left.plus(right, 1);
    }

    @Override
    public void accumulate(Tensor masterGradient, Tensor computeGradient) {
        addInto(masterGradient, computeGradient);
    }

    @Override
    public void accumulateRows(Tensor masterGradient, Tensor computeGradient) {
        try (Scope _ = Scope.open()) {
            addInto(masterGradient, Operators.SUM.call(toMasterType(computeGradient), new long[] {0}));
        }
    }

    @Override
    public Tensor swiglu(Tensor gateUp) {
        int width = shape.feedForward();
        try (Scope scope = Scope.open()) {
            Tensor both = toMasterType(gateUp);
            Tensor gate = Operators.SILU.call(Operators.NARROW.call(both, 1L, 0L, width));
            Tensor hidden = Operators.MULTIPLY.call(gate, Operators.NARROW.call(both, 1L, width, width));
            return scope.keep(toComputeType(hidden));
        }
    }

    @Override
    public Gated swigluBackward(Tensor gradient, Tensor gateUp) {
        int width = shape.feedForward();
        try (Scope scope = Scope.open()) {
            Tensor both = toMasterType(gateUp);
            Tensor dOutput = toMasterType(gradient);
            Tensor gate = Operators.NARROW.call(both, 1L, 0L, width);
            Tensor up = Operators.NARROW.call(both, 1L, width, width);
            Tensor silu = Operators.SILU.call(gate);
            Tensor hidden = toComputeType(Operators.MULTIPLY.call(silu, up));
            Tensor dGate = Operators.SILU_BACKWARD.call(Operators.MULTIPLY.call(dOutput, up), gate);
            Tensor dUp = Operators.MULTIPLY.call(dOutput, silu);
            Tensor dBoth = toComputeType(Operators.CONCATENATE.call(new Tensor[] {dGate, dUp}, 1L));
            return new Gated(scope.keep(dBoth), scope.keep(hidden));
        }
    }

    @Override
    public double[] crossEntropy(Tensor logits, int[] targets) {
        try (Scope _ = Scope.open()) {
            Tensor logProbabilities = Operators.LOG_SOFTMAX.call(toMasterType(logits), 1L, false);
            return likelihood(logProbabilities, indices(targets))[0].toDoubles();
        }
    }

    @Override
    public double crossEntropyBackward(Tensor logits, int[] targets, TargetWeights weights, double scale) {
        try (Scope _ = Scope.open()) {
            Tensor right = indices(targets);
            Tensor logProbabilities = Operators.LOG_SOFTMAX.call(toMasterType(logits), 1L, false);
            Tensor[] losses = likelihood(logProbabilities, right);
            double sum = 0;
            double[] rows = losses[0].toDoubles();
            double[] scales = new double[rows.length];
            for (int row = 0; row < rows.length; row++) {
                sum += weights.targetWeights()[row] * rows[row];
                scales[row] = weights.targetWeights()[row] * scale;
            }
            Tensor dLogProbabilities = Operators.NEGATIVE_LIKELIHOOD_BACKWARD.call(
                    masterTensor(scales),
                    logProbabilities,
                    right,
                    null,
                    NO_REDUCTION,
                    (long) LanguageBatch.NO_LOSS,
                    losses[1]);
            if (weights.smoothingWeights().length > 0) {
                Tensor smoothingWeights = masterTensor(weights.smoothingWeights());
                for (double value : Operators.MULTIPLY
                        .call(logProbabilities, smoothingWeights)
                        .toDoubles()) {
                    sum -= value;
                }
                dLogProbabilities = dLogProbabilities.plus(smoothingWeights, -scale);
            }
            Operators.COPY.run(
                    logits, Operators.LOG_SOFTMAX_BACKWARD.call(dLogProbabilities, logProbabilities, 1L, masterType));
            return sum;
        }
    }

    private Tensor masterTensor(double[] values) {
        try (Tensor doubles = Tensor.of(values, values.length)) {
            return Operators.CONVERT.call(doubles, masterType);
        }
    }

    private static Tensor[] likelihood(Tensor logProbabilities, Tensor targets) {
        return Operators.NEGATIVE_LIKELIHOOD.tensors(
                logProbabilities, targets, null, NO_REDUCTION, (long) LanguageBatch.NO_LOSS);
    }

    private static void addInto(Tensor sum, Tensor addend) {
        try (Tensor total = sum.plus(addend, 1)) {
            Operators.COPY.run(sum, total);
        }
    }

    private static Tensor indices(int[] values) {
        return Tensor.of(Arrays.stream(values).asLongStream().toArray(), values.length);
    }
}
