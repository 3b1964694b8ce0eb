package io.rootstock.trainer.engine;

import io.rootstock.cuda.Geometry;
import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Softmax cross-entropy on a GPU, in place. Training's losses are summed there and fetched once for a whole part: a value
 * that the host waits for would stop the queue of launches at every piece of the logits.
 */
final class CudaCrossEntropy implements AutoCloseable {
    private static final int MOST_THREADS = 256;

    private final CudaCalls cuda;

    /** Sum of the losses that nobody has taken yet, float64. */
    private final Tensor total;

    CudaCrossEntropy(CudaCalls cuda) {
        this.cuda = cuda;
        this.total = Tensor.empty(DType.FLOAT64, 1);
        clear();
    }

    /** -log softmax(logits)[target] of each row [M,V]. */
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

    /** Adds the weighted losses to the total; leaves the gradient times the scale in the logits. */
    void backward(Tensor logits, int[] targets, TargetWeights weights, double scale) {
        try (Scope _ = Scope.open()) {
            Tensor losses = Tensor.empty(DType.FLOAT32, targets.length);
            int width = (int) logits.sizes()[1];
            List<Tensor> given =
                    inputs(targets, weights, scale).stream().map(cuda::upload).toList();
            cuda.run(
                    "cross_entropy_backward",
                    geometry(targets, width),
                    logits,
                    given.get(0),
                    given.get(1),
                    given.get(2),
                    given.size() > 3 ? given.get(3) : null,
                    given.size() > 3 ? given.get(4) : null,
                    losses,
                    width);
            cuda.run("add_losses", Geometry.rows(1, targets.length, MOST_THREADS), losses, targets.length, total);
        }
    }

    /** What {@link #backward} sends to the GPU, in its order. */
    static List<CudaCalls.Input> inputs(int[] targets, TargetWeights weights, double scale) {
        List<CudaCalls.Input> inputs = new ArrayList<>();
        inputs.add(CudaCalls.Input.of(targets));
        inputs.add(CudaCalls.Input.of(scaled(weights.own(), 1)));
        inputs.add(CudaCalls.Input.of(scaled(weights.own(), scale)));
        if (weights.everywhere().length > 0) {
            inputs.add(CudaCalls.Input.of(scaled(weights.everywhere(), 1)));
            inputs.add(CudaCalls.Input.of(scaled(weights.everywhere(), scale)));
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
        return Geometry.rows(targets.length, width, MOST_THREADS);
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
