package io.rootstock.trainer.engine.cuda;

import io.rootstock.cuda.Geometry;
import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.batch.TargetWeights;
import java.util.ArrayList;
import java.util.List;

/**
 * Softmax cross-entropy on a GPU, in place. Training losses are summed on the GPU and read once per shard: reading them for
 * each chunk of logits would stall the stream.
 */
final class CudaCrossEntropy implements AutoCloseable {
    private static final int MAX_THREADS = 256;

    private final CudaCalls cuda;

    /** Sum of the losses since it was last cleared, float64 [1]. */
    private final Tensor total;

    CudaCrossEntropy(CudaCalls cuda) {
        this.cuda = cuda;
        this.total = Tensor.empty(DType.FLOAT64, 1);
        clear();
    }

    /** Negative log-likelihood of each row's target, in nats [M]; logits are [M,V]. */
    double[] rows(Tensor logits, int[] targets) {
        try (Scope _ = Scope.open()) {
            Tensor losses = Tensor.empty(DType.FLOAT32, targets.length);
            int width = (int) logits.sizes()[1];
            cuda.run(
                    "cross_entropy",
                    geometry(targets, width),
                    logits,
                    cuda.upload(CudaCalls.Input.of(targets)),
                    losses,
                    width);
            return losses.toDoubles();
        }
    }

    /** Adds the weighted losses to the total and replaces the logits by the gradient times the scale. */
    void backward(Tensor logits, int[] targets, TargetWeights weights, double scale) {
        try (Scope _ = Scope.open()) {
            Tensor losses = Tensor.empty(DType.FLOAT32, targets.length);
            int width = (int) logits.sizes()[1];
            List<Tensor> uploaded =
                    inputs(targets, weights, scale).stream().map(cuda::upload).toList();
            cuda.run(
                    "cross_entropy_backward",
                    geometry(targets, width),
                    logits,
                    uploaded.get(0),
                    uploaded.get(1),
                    uploaded.get(2),
                    uploaded.size() > 3 ? uploaded.get(3) : null,
                    uploaded.size() > 3 ? uploaded.get(4) : null,
                    losses,
                    width);
            cuda.run("add_losses", Geometry.rows(1, targets.length, MAX_THREADS), losses, targets.length, total);
        }
    }

    /** Inputs that {@link #backward} uploads, in order: targets, then each kind of weights without and with the scale. */
    static List<CudaCalls.Input> inputs(int[] targets, TargetWeights weights, double scale) {
        List<CudaCalls.Input> inputs = new ArrayList<>();
        inputs.add(CudaCalls.Input.of(targets));
        inputs.add(CudaCalls.Input.of(scaled(weights.targetWeights(), 1)));
        inputs.add(CudaCalls.Input.of(scaled(weights.targetWeights(), scale)));
        if (weights.smoothingWeights().length > 0) {
            inputs.add(CudaCalls.Input.of(scaled(weights.smoothingWeights(), 1)));
            inputs.add(CudaCalls.Input.of(scaled(weights.smoothingWeights(), scale)));
        }
        return inputs;
    }

    /** The total on the GPU. */
    Tensor total() {
        return total;
    }

    /** Sets the total to 0. */
    void clear() {
        cuda.run("clear", Geometry.values(2, 1), total, 2L); // a float64 0 is two of float32
    }

    private static Geometry geometry(int[] targets, int width) {
        return Geometry.rows(targets.length, width, MAX_THREADS);
    }

    private static float[] scaled(double[] values, double scale) {
        float[] scaled = new float[values.length];
        for (int index = 0; index < scaled.length; index++) {
            scaled[index] = (float) (values[index] * scale);
        }
        return scaled;
    }

    @Override
    public void close() {
        total.close();
    }
}
