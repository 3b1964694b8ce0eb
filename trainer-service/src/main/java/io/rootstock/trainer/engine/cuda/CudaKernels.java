package io.rootstock.trainer.engine.cuda;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.cuda.Geometry;
import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.batch.TargetWeights;
import io.rootstock.trainer.engine.cuda.CudaCalls.Input;
import io.rootstock.trainer.engine.model.Kernels;
import io.rootstock.trainer.engine.model.ModelTensors;
import io.rootstock.trainer.engine.model.Operators;

/**
 * Kernels in CUDA C ({@link CudaSource}), for the master type float32 and matrix products in float32 or bfloat16. Each makes
 * one pass over memory where libtorch's operators make several. Sums have a fixed order.
 */
final class CudaKernels implements Kernels, AutoCloseable {
    private static final int MAX_THREADS = 256;

    /** Maximum grid size of elementwise kernels: a GPU runs no more blocks at a time; threads loop over the rest. */
    private static final int MAX_BLOCKS = 4096;

    /** 256 MiB in bfloat16: enough rows for a large matrix product with any vocabulary. */
    private static final int LOGITS_AT_ONCE = 1 << 27;

    private final CudaCalls cuda;
    private final int dimension;
    private final int feedForward;
    private final DType computeType;
    private final boolean bf16;
    private final CudaNorms norms;
    private final CudaCrossEntropy crossEntropy;

    CudaKernels(CudaCalls cuda, ModelShape shape, DType computeType) {
        this.cuda = cuda;
        this.dimension = shape.dimension();
        this.feedForward = shape.feedForward();
        this.computeType = computeType;
        this.bf16 = computeType == DType.BFLOAT16;
        this.norms = new CudaNorms(cuda, shape, computeType);
        this.crossEntropy = new CudaCrossEntropy(cuda);
    }

    @Override
    public Tensor embed(Tensor embedding, int[] tokens) {
        return gatherRows(embedding, tokens);
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

    /** Indices of the tokens in stable order of token id: a counting sort, as the GPU waits for the result. */
    static int[] byToken(int[] tokens) {
        int largest = 0;
        for (int token : tokens) {
            largest = Math.max(largest, token);
        }
        int[] next = new int[largest + 2]; // counts, shifted by one; then start offsets
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
    public Tensor gatherRows(Tensor rows, int[] positions) {
        Tensor gathered = Tensor.empty(DType.FLOAT32, positions.length, dimension);
        try (Scope _ = Scope.open()) {
            cuda.run(
                    "gather_rows", rows(positions.length), rows, cuda.upload(Input.of(positions)), gathered, dimension);
        }
        return gathered;
    }

    @Override
    public Tensor scatterRows(Tensor rows, int[] positions, int count) {
        Tensor scattered = Tensor.empty(DType.FLOAT32, count, dimension);
        try (Scope _ = Scope.open()) {
            cuda.run("clear", values(scattered.elements()), scattered, scattered.elements());
            cuda.run(
                    "scatter_rows",
                    rows(positions.length),
                    rows,
                    cuda.upload(Input.of(positions)),
                    scattered,
                    dimension);
        }
        return scattered;
    }

    @Override
    public Normed norm(Tensor rows, Tensor gain) {
        return norms.forward(rows, gain);
    }

    @Override
    public Tensor normBackward(
            Tensor gradient,
            Tensor rows,
            Tensor inverseRms,
            Tensor gain,
            Tensor gainGradient,
            Tensor residualGradient) {
        return norms.backward(gradient, rows, inverseRms, gain, gainGradient, residualGradient);
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
    public Tensor toComputeType(Tensor tensor) {
        return bf16 ? converted("to_compute", tensor, computeType) : tensor;
    }

    @Override
    public Tensor toMasterType(Tensor tensor) {
        return bf16 ? converted("to_master", tensor, DType.FLOAT32) : tensor;
    }

    /** Converts a tensor; the result is contiguous. */
    private Tensor converted(String kernel, Tensor tensor, DType type) {
        Tensor dense = tensor.contiguous() ? tensor : Operators.RESHAPE.call(tensor, new long[] {-1});
        Tensor converted = Tensor.empty(type, tensor.sizes());
        cuda.run(kernel, values(tensor.elements()), dense, converted, tensor.elements());
        return converted;
    }

    @Override
    public Tensor add(Tensor left, Tensor right) {
        Tensor sum = Tensor.empty(DType.FLOAT32, left.sizes());
        cuda.run("add", values(left.elements()), left, right, sum, left.elements());
        return sum;
    }

    @Override
    public void accumulate(Tensor masterGradient, Tensor computeGradient) {
        long count = masterGradient.elements();
        cuda.run("add", values(count), masterGradient, computeGradient, masterGradient, count);
    }

    @Override
    public void accumulateRows(Tensor masterGradient, Tensor computeGradient) {
        long[] sizes = computeGradient.sizes();
        CudaColumns columns = new CudaColumns((int) sizes[0], (int) sizes[1]);
        try (Tensor partial = columns.partial()) {
            cuda.run(
                    "sum_rows",
                    columns.geometry(),
                    computeGradient,
                    partial,
                    columns.count(),
                    columns.width(),
                    columns.chunk());
            columns.add(cuda, partial, masterGradient);
        }
    }

    @Override
    public Tensor swiglu(Tensor gateUp) {
        Tensor hidden = Tensor.empty(computeType, gateUp.sizes()[0], feedForward);
        long count = hidden.elements();
        cuda.run("swiglu_forward", values(count), gateUp, hidden, count, feedForward);
        return hidden;
    }

    @Override
    public Gated swigluBackward(Tensor gradient, Tensor gateUp) {
        Tensor dGateUp = Tensor.empty(computeType, gateUp.sizes());
        Tensor hidden = Tensor.empty(computeType, gradient.sizes());
        long count = hidden.elements();
        cuda.run("swiglu_backward", values(count), gradient, gateUp, dGateUp, hidden, count, feedForward);
        return new Gated(dGateUp, hidden);
    }

    @Override
    public double[] crossEntropy(Tensor logits, int[] targets) {
        return crossEntropy.rows(logits, targets);
    }

    /** Defers the loss and returns 0. */
    @Override
    public double crossEntropyBackward(Tensor logits, int[] targets, TargetWeights weights, double scale) {
        crossEntropy.backward(logits, targets, weights, scale);
        return 0;
    }

    @Override
    public double takeDeferredLoss() {
        if (cuda.capturing()) {
            return 0; // the loss is not computed during the capture
        }
        double loss = crossEntropy.total().toDoubles()[0];
        crossEntropy.clear();
        return loss;
    }

    @Override
    public int logitsAtOnce() {
        return LOGITS_AT_ONCE;
    }

    /** Cross-entropy with its deferred loss. */
    CudaCrossEntropy losses() {
        return crossEntropy;
    }

    private Geometry rows(int count) {
        return Geometry.rows(count, dimension, MAX_THREADS);
    }

    private static Geometry values(long count) {
        return Geometry.values(count, MAX_BLOCKS);
    }

    @Override
    public void close() {
        crossEntropy.close();
    }
}
