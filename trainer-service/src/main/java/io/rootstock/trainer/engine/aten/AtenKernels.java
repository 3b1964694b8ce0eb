package io.rootstock.trainer.engine;

import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import java.util.Arrays;
import java.util.stream.LongStream;

/** Kernels of libtorch's own operators: for any element type, and in float64 the measure of every other kernel. */
final class AtenKernels implements Kernels {
    private static final long NO_REDUCTION = 0;

    private final ModelShape shape;
    private final DType wide;
    private final DType product;

    AtenKernels(ModelShape shape, DType wide, DType product) {
        this.shape = shape;
        this.wide = wide;
        this.product = product;
    }

    @Override
    public Tensor embed(Tensor embedding, int[] tokens) {
        return selectRows(embedding, tokens);
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
    public Tensor selectRows(Tensor rows, int[] positions) {
        try (Tensor index = indices(positions)) {
            return Operators.SELECT_ROWS.call(rows, 0L, index);
        }
    }

    @Override
    public Tensor spreadRows(Tensor rows, int[] positions, int count) {
        try (Tensor index = indices(positions)) {
            return Operators.EMBEDDING_BACKWARD.call(rows, index, (long) count, -1L, false);
        }
    }

    @Override
    public Normed norm(Tensor rows, Tensor gain) {
        try (Scope scope = Scope.open()) {
            Normed normed = wideNorm(rows, gain);
            return new Normed(scope.keep(toProduct(normed.output())), scope.keep(normed.inverseRms()));
        }
    }

    /** Norm over the last dimension, wide. */
    private Normed wideNorm(Tensor rows, Tensor gain) {
        try (Scope scope = Scope.open()) {
            Tensor meanSquare = Operators.MEAN.call(Operators.MULTIPLY.call(rows, rows), new long[] {-1}, true);
            Tensor epsilon = Tensor.scalar(wide, shape.normEpsilon());
            Tensor inverseRms = Operators.INVERSE_ROOT.call(meanSquare.plus(epsilon, 1));
            Tensor output = Operators.MULTIPLY.call(Operators.MULTIPLY.call(rows, inverseRms), gain);
            return new Normed(scope.keep(output), scope.keep(inverseRms));
        }
    }

    @Override
    public Tensor normBackward(
            Tensor gradient, Tensor rows, Tensor inverseRms, Tensor gain, Tensor gainGradient, Tensor past) {
        try (Scope scope = Scope.open()) {
            Tensor result = wideNormBackward(toWide(gradient), rows, inverseRms, gain, gainGradient);
            return scope.keep(past == null ? result : past.plus(result, 1));
        }
    }

    /** Gradient of wideNorm's input; adds the gain's, unless that is frozen (null). */
    private static Tensor wideNormBackward(
            Tensor given, Tensor rows, Tensor inverseRms, Tensor gain, Tensor gainGradient) {
        try (Scope scope = Scope.open()) {
            Tensor normed = Operators.MULTIPLY.call(rows, inverseRms);
            if (gainGradient != null) {
                long[] allButTheLast =
                        LongStream.range(0, rows.sizes().length - 1).toArray();
                addInto(gainGradient, Operators.SUM.call(Operators.MULTIPLY.call(given, normed), allButTheLast));
            }
            Tensor ofNormed = Operators.MULTIPLY.call(given, gain);
            Tensor alongRow = Operators.MEAN.call(Operators.MULTIPLY.call(ofNormed, normed), new long[] {-1}, true);
            Tensor across = ofNormed.plus(Operators.MULTIPLY.call(normed, alongRow), -1);
            return scope.keep(Operators.MULTIPLY.call(across, inverseRms));
        }
    }

    @Override
    public Normed normHeads(Tensor queryKeyValue, ModelTensors.HeadGains gains) {
        int heads = shape.heads();
        int shared = shape.keyValueHeads();
        try (Scope scope = Scope.open()) {
            Tensor all = byHead(toWide(queryKeyValue));
            Normed queries = wideNorm(Operators.NARROW.call(all, 1L, 0L, heads), gains.queries());
            Normed keys = wideNorm(Operators.NARROW.call(all, 1L, heads, shared), gains.keys());
            Tensor values = Operators.NARROW.call(all, 1L, heads + shared, shared);
            Tensor output = Operators.CONCATENATE.call(new Tensor[] {queries.output(), keys.output(), values}, 1L);
            Tensor inverseRms = Operators.CONCATENATE.call(new Tensor[] {queries.inverseRms(), keys.inverseRms()}, 1L);
            return new Normed(
                    scope.keep(toProduct(Operators.VIEW.call(output, queryKeyValue.sizes()))), scope.keep(inverseRms));
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
        int shared = shape.keyValueHeads();
        try (Scope scope = Scope.open()) {
            Tensor given = byHead(toWide(gradient));
            Tensor all = byHead(toWide(queryKeyValue));
            Tensor ofQueries = wideNormBackward(
                    Operators.NARROW.call(given, 1L, 0L, heads),
                    Operators.NARROW.call(all, 1L, 0L, heads),
                    Operators.NARROW.call(inverseRms, 1L, 0L, heads),
                    gains.queries(),
                    gainGradients.queries());
            Tensor ofKeys = wideNormBackward(
                    Operators.NARROW.call(given, 1L, heads, shared),
                    Operators.NARROW.call(all, 1L, heads, shared),
                    Operators.NARROW.call(inverseRms, 1L, heads, shared),
                    gains.keys(),
                    gainGradients.keys());
            Tensor ofValues = Operators.NARROW.call(given, 1L, heads + shared, shared);
            Tensor whole = Operators.CONCATENATE.call(new Tensor[] {ofQueries, ofKeys, ofValues}, 1L);
            return scope.keep(toProduct(Operators.VIEW.call(whole, queryKeyValue.sizes())));
        }
    }

    /** [N,(H+2K)d] -> [N,H+2K,d]. */
    private Tensor byHead(Tensor queryKeyValue) {
        long heads = shape.heads() + 2L * shape.keyValueHeads();
        return Operators.VIEW.call(queryKeyValue, new long[] {-1, heads, shape.headDimension()});
    }

    @Override
    public Tensor toProduct(Tensor tensor) {
        return product == wide ? tensor : Operators.CONVERT.call(tensor, product);
    }

    @Override
    public Tensor toWide(Tensor tensor) {
        return product == wide ? tensor : Operators.CONVERT.call(tensor, wide);
    }

    @Override
    public Tensor add(Tensor sum, Tensor added) {
        return sum.plus(added, 1);
    }

    @Override
    public void accumulate(Tensor wideGradient, Tensor productGradient) {
        addInto(wideGradient, productGradient);
    }

    @Override
    public void accumulateRows(Tensor wideGradient, Tensor productGradient) {
        try (Scope _ = Scope.open()) {
            addInto(wideGradient, Operators.SUM.call(toWide(productGradient), new long[] {0}));
        }
    }

    @Override
    public Tensor swiglu(Tensor gateUp) {
        int width = shape.feedForward();
        try (Scope scope = Scope.open()) {
            Tensor both = toWide(gateUp);
            Tensor gate = Operators.SILU.call(Operators.NARROW.call(both, 1L, 0L, width));
            Tensor hidden = Operators.MULTIPLY.call(gate, Operators.NARROW.call(both, 1L, width, width));
            return scope.keep(toProduct(hidden));
        }
    }

    @Override
    public Gated swigluBackward(Tensor gradient, Tensor gateUp) {
        int width = shape.feedForward();
        try (Scope scope = Scope.open()) {
            Tensor both = toWide(gateUp);
            Tensor given = toWide(gradient);
            Tensor gate = Operators.NARROW.call(both, 1L, 0L, width);
            Tensor up = Operators.NARROW.call(both, 1L, width, width);
            Tensor silu = Operators.SILU.call(gate);
            Tensor hidden = toProduct(Operators.MULTIPLY.call(silu, up));
            Tensor ofGate = Operators.SILU_BACKWARD.call(Operators.MULTIPLY.call(given, up), gate);
            Tensor ofUp = Operators.MULTIPLY.call(given, silu);
            Tensor ofBoth = toProduct(Operators.CONCATENATE.call(new Tensor[] {ofGate, ofUp}, 1L));
            return new Gated(scope.keep(ofBoth), scope.keep(hidden));
        }
    }

    @Override
    public double[] crossEntropy(Tensor logits, int[] targets) {
        try (Scope _ = Scope.open()) {
            Tensor logarithms = Operators.LOG_SOFTMAX.call(toWide(logits), 1L, false);
            return likelihood(logarithms, indices(targets))[0].toDoubles();
        }
    }

    @Override
    public double crossEntropyBackward(Tensor logits, int[] targets, TargetWeights weights, double scale) {
        try (Scope _ = Scope.open()) {
            Tensor right = indices(targets);
            Tensor logarithms = Operators.LOG_SOFTMAX.call(toWide(logits), 1L, false);
            Tensor[] losses = likelihood(logarithms, right);
            double sum = 0;
            double[] rows = losses[0].toDoubles();
            double[] scales = new double[rows.length];
            for (int row = 0; row < rows.length; row++) {
                sum += weights.own()[row] * rows[row];
                scales[row] = weights.own()[row] * scale;
            }
            Tensor ofLogarithms = Operators.NEGATIVE_LIKELIHOOD_BACKWARD.call(
                    wide(scales), logarithms, right, null, NO_REDUCTION, (long) LanguageBatch.NO_LOSS, losses[1]);
            if (weights.everywhere().length > 0) {
                Tensor everywhere = wide(weights.everywhere());
                for (double value :
                        Operators.MULTIPLY.call(logarithms, everywhere).toDoubles()) {
                    sum -= value;
                }
                ofLogarithms = ofLogarithms.plus(everywhere, -scale);
            }
            Operators.COPY.run(logits, Operators.LOG_SOFTMAX_BACKWARD.call(ofLogarithms, logarithms, 1L, wide));
            return sum;
        }
    }

    private Tensor wide(double[] values) {
        try (Tensor doubles = Tensor.of(values, values.length)) {
            return Operators.CONVERT.call(doubles, wide);
        }
    }

    private static Tensor[] likelihood(Tensor logarithms, Tensor targets) {
        return Operators.NEGATIVE_LIKELIHOOD.tensors(
                logarithms, targets, null, NO_REDUCTION, (long) LanguageBatch.NO_LOSS);
    }

    private static void addInto(Tensor sum, Tensor added) {
        try (Tensor total = sum.plus(added, 1)) {
            Operators.COPY.run(sum, total);
        }
    }

    private static Tensor indices(int[] values) {
        return Tensor.of(Arrays.stream(values).asLongStream().toArray(), values.length);
    }
}
