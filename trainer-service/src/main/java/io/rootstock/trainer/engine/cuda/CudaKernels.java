package io.rootstock.trainer.engine;

import io.rootstock.cuda.Geometry;
import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.CudaCalls.Input;

/**
 * Kernels in CUDA C ({@link CudaSource}), for float32 with products in float32 or bfloat16. Each makes one pass where
 * libtorch's operators make several; sums have a fixed order.
 */
final class CudaKernels implements Kernels, AutoCloseable {
    private static final int MOST_THREADS = 256;

    /** More blocks than that are not on a GPU at a time; each thread then takes several values. */
    private static final int MOST_BLOCKS = 4096;

    /** A quarter of a gigabyte in bfloat16: enough rows for a large product, whatever the vocabulary. */
    private static final int LOGITS_AT_ONCE = 1 << 27;

    private final CudaCalls cuda;
    private final int dimension;
    private final int feedForward;
    private final DType product;
    private final boolean half;
    private final CudaNorms norms;
    private final CudaCrossEntropy crossEntropy;

    CudaKernels(CudaCalls cuda, ModelShape shape, DType product) {
        this.cuda = cuda;
        this.dimension = shape.dimension();
        this.feedForward = shape.feedForward();
        this.product = product;
        this.half = product == DType.BFLOAT16;
        this.norms = new CudaNorms(cuda, shape, product);
        this.crossEntropy = new CudaCrossEntropy(cuda);
    }

    @Override
    public Tensor embed(Tensor embedding, int[] tokens) {
        return selectRows(embedding, tokens);
    }

    @Override
    public void embedBackward(Tensor gradient, int[] tokens, Tensor embeddingGradient) {
        try (Scope _ = Scope.open()) {
            cuda.run(
                    "add_rows_by_token",
                    rows(tokens.length),
                    gradient,
                    cuda.upload(Input.of(tokens)),
                    cuda.upload(Input.of(byToken(tokens))),
                    embeddingGradient,
                    tokens.length,
                    dimension);
        }
    }

    /** The places of the tokens, equal tokens together and in their order; by counting, as the GPU waits for it. */
    static int[] byToken(int[] tokens) {
        int largest = 0;
        for (int token : tokens) {
            largest = Math.max(largest, token);
        }
        int[] next = new int[largest + 2]; // at first one behind: how often the token before occurs
        for (int token : tokens) {
            next[token + 1]++;
        }
        for (int token = 1; token < next.length; token++) {
            next[token] += next[token - 1];
        }
        int[] places = new int[tokens.length];
        for (int place = 0; place < tokens.length; place++) {
            places[next[tokens[place]]++] = place;
        }
        return places;
    }

    @Override
    public Tensor selectRows(Tensor rows, int[] positions) {
        Tensor selected = Tensor.empty(DType.FLOAT32, positions.length, dimension);
        try (Scope _ = Scope.open()) {
            cuda.run(
                    "gather_rows", rows(positions.length), rows, cuda.upload(Input.of(positions)), selected, dimension);
        }
        return selected;
    }

    @Override
    public Tensor spreadRows(Tensor rows, int[] positions, int count) {
        Tensor spread = Tensor.empty(DType.FLOAT32, count, dimension);
        try (Scope _ = Scope.open()) {
            cuda.run("clear", values(spread.elements()), spread, spread.elements());
            cuda.run("scatter_rows", rows(positions.length), rows, cuda.upload(Input.of(positions)), spread, dimension);
        }
        return spread;
    }

    @Override
    public Normed norm(Tensor rows, Tensor gain) {
        return norms.forward(rows, gain);
    }

    @Override
    public Tensor normBackward(
            Tensor gradient, Tensor rows, Tensor inverseRms, Tensor gain, Tensor gainGradient, Tensor past) {
        return norms.backward(gradient, rows, inverseRms, gain, gainGradient, past);
    }

    @Override
    public Normed normHeads(Tensor queryKeyValue, ModelTensors.HeadGains gains) {
        return norms.headsForward(queryKeyValue, gains);
    }

    @Override
    public Tensor normHeadsBackward(
            Tensor gradient,
            Tensor queryKeyValue,
            Tensor inverseRms,
            ModelTensors.HeadGains gains,
            ModelTensors.HeadGains gainGradients) {
        return norms.headsBackward(gradient, queryKeyValue, inverseRms, gains, gainGradients);
    }

    @Override
    public Tensor toProduct(Tensor wide) {
        return half ? converted("narrow", wide, product) : wide;
    }

    @Override
    public Tensor toWide(Tensor narrow) {
        return half ? converted("widen", narrow, DType.FLOAT32) : narrow;
    }

    /** Of tensors without gaps. */
    private Tensor converted(String kernel, Tensor tensor, DType type) {
        Tensor dense = tensor.contiguous() ? tensor : Operators.RESHAPE.call(tensor, new long[] {-1});
        Tensor converted = Tensor.empty(type, tensor.sizes());
        cuda.run(kernel, values(tensor.elements()), dense, converted, tensor.elements());
        return converted;
    }

    @Override
    public Tensor add(Tensor wide, Tensor added) {
        Tensor sum = Tensor.empty(DType.FLOAT32, wide.sizes());
        cuda.run("add", values(wide.elements()), wide, added, sum, wide.elements());
        return sum;
    }

    @Override
    public void accumulate(Tensor wideGradient, Tensor productGradient) {
        long count = wideGradient.elements();
        cuda.run("add", values(count), wideGradient, productGradient, wideGradient, count);
    }

    @Override
    public void accumulateRows(Tensor wideGradient, Tensor productGradient) {
        long[] sizes = productGradient.sizes();
        CudaColumns columns = new CudaColumns((int) sizes[0], (int) sizes[1]);
        try (Tensor partial = columns.partial()) {
            cuda.run(
                    "sum_rows",
                    columns.geometry(),
                    productGradient,
                    partial,
                    columns.count(),
                    columns.width(),
                    columns.chunk());
            columns.add(cuda, partial, wideGradient);
        }
    }

    @Override
    public Tensor swiglu(Tensor gateUp) {
        Tensor hidden = Tensor.empty(product, gateUp.sizes()[0], feedForward);
        long count = hidden.elements();
        cuda.run("swiglu_forward", values(count), gateUp, hidden, count, feedForward);
        return hidden;
    }

    @Override
    public Gated swigluBackward(Tensor gradient, Tensor gateUp) {
        Tensor ofGateUp = Tensor.empty(product, gateUp.sizes());
        Tensor hidden = Tensor.empty(product, gradient.sizes());
        long count = hidden.elements();
        cuda.run("swiglu_backward", values(count), gradient, gateUp, ofGateUp, hidden, count, feedForward);
        return new Gated(ofGateUp, hidden);
    }

    @Override
    public double[] crossEntropy(Tensor logits, int[] targets) {
        return crossEntropy.rows(logits, targets);
    }

    /** Puts the sum off and returns 0. */
    @Override
    public double crossEntropyBackward(Tensor logits, int[] targets, TargetWeights weights, double scale) {
        crossEntropy.backward(logits, targets, weights, scale);
        return 0;
    }

    @Override
    public double takeLoss() {
        if (cuda.takenDown()) {
            return 0; // read when it has been computed
        }
        double loss = crossEntropy.total().toDoubles()[0];
        crossEntropy.clear();
        return loss;
    }

    @Override
    public int logitsAtOnce() {
        return LOGITS_AT_ONCE;
    }

    CudaCrossEntropy losses() {
        return crossEntropy;
    }

    private Geometry rows(int count) {
        return Geometry.rows(count, dimension, MOST_THREADS);
    }

    private static Geometry values(long count) {
        return Geometry.values(count, MOST_BLOCKS);
    }

    @Override
    public void close() {
        crossEntropy.close();
    }
}
