package io.rootstock.trainer.engine.cuda;

import io.rootstock.cuda.Geometry;
import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.device.FlatBuffers;
import io.rootstock.trainer.engine.device.ReplicaThreads;
import io.rootstock.trainer.engine.model.WeightBuffer;
import io.rootstock.trainer.engine.optimizer.Optimizer;
import java.util.List;

/**
 * Flat buffers of the one replica on a GPU. The gradient norm, the decision to update and AdamW can run without the host.
 */
final class CudaFlatBuffers extends FlatBuffers {
    private static final int MAX_BLOCKS = 1024;
    private static final int THREADS = 256;

    private final CudaCalls cuda;
    private final long elements;
    private final long matrixElements;
    private final Tensor partial; // sums of squares of each block, float64
    private final Tensor squares; // sum of the gradient's squares, float64 [1]
    private final Tensor decision; // {1 or 0: whether to update, gradient divisor}, float64 [2]

    CudaFlatBuffers(CudaCalls cuda, WeightBuffer weights, Tensor firstMoment, Tensor secondMoment) {
        super(
                weights,
                firstMoment,
                secondMoment,
                List.of(Tensor.zeros(DType.FLOAT32, weights.layout().elements())));
        this.cuda = cuda;
        this.elements = weights.layout().elements();
        this.matrixElements = weights.layout().matrixElements();
        this.partial = Tensor.zeros(DType.FLOAT64, MAX_BLOCKS);
        this.squares = Tensor.zeros(DType.FLOAT64, 1);
        this.decision = Tensor.zeros(DType.FLOAT64, 2);
        decide(squares, partial); // runs the kernel once on zeros, so that it is loaded before a step is captured
    }

    @Override
    public void clearGradients(ReplicaThreads threads) {
        threads.single(() -> {
            clearGradient();
            return null;
        });
    }

    @Override
    public double sumReplicas(ReplicaThreads threads, int replicas) {
        return threads.single(() -> {
            measure();
            return squares.toDoubles()[0];
        });
    }

    /** Does nothing: there is one replica. */
    @Override
    public void sumReplicas(long from, long to) {}

    @Override
    public void update(ReplicaThreads threads, Optimizer.Step step) {
        threads.single(() -> {
            try (Scope _ = Scope.open()) {
                Tensor decided = cuda.upload(CudaCalls.Input.of(new double[] {1, step.gradientDivisor()}));
                adamw(cuda.upload(adamwSettings(step.number(), step.learningRate(), step.settings())), decided);
            }
            return null;
        });
    }

    /** Sets the gradient to 0. */
    void clearGradient() {
        cuda.run("clear", geometry(), state().gradient(), elements);
    }

    /** Computes the sum of the gradient's squares; it stays on the GPU. */
    void measure() {
        Geometry geometry = geometry();
        cuda.run("squares", geometry, state().gradient(), partial, elements);
        cuda.run("sum_partials", Geometry.rows(1, THREADS, THREADS), partial, geometry.gridX(), squares);
    }

    /**
     * One update, unless the loss or the gradient is not finite or the loss exceeds its ceiling.
     *
     * @param loss summed loss on the GPU, float64
     * @param bounds of {@link #bounds}
     * @param adamwSettings of {@link #adamwSettings}
     */
    void updateIfFinite(Tensor loss, CudaCalls.Input bounds, CudaCalls.Input adamwSettings) {
        try (Scope _ = Scope.open()) {
            decide(loss, cuda.upload(bounds));
            adamw(cuda.upload(adamwSettings), decision);
        }
    }

    private void decide(Tensor loss, Tensor bounds) {
        cuda.run("decide", new Geometry(1, 1, Geometry.WARP), squares, loss, bounds, decision);
    }

    /** The sum of the gradient's squares of the last {@link #measure}; synchronizes. */
    double squares() {
        return squares.toDoubles()[0];
    }

    /** Whether the last {@link #updateIfFinite} updated the weights; synchronizes. */
    boolean updated() {
        return decision.toDoubles()[0] == 1;
    }

    /**
     * Input of the decision to update.
     *
     * @param lossCeiling largest mean loss at which the weights are updated
     * @param lossFactor turns the summed loss into its mean
     */
    static CudaCalls.Input bounds(Optimizer.Settings settings, double lossCeiling, double lossFactor) {
        return CudaCalls.Input.of(new double[] {settings.gradientClip(), lossCeiling, lossFactor});
    }

    /**
     * Input of the AdamW kernel.
     *
     * @param step number of the update, from 1
     * @throws IllegalArgumentException if the settings ask for Muon
     */
    static CudaCalls.Input adamwSettings(long step, double learningRate, Optimizer.Settings settings) {
        if (settings.muon().isPresent()) {
            throw new IllegalArgumentException(
                    "optimizer: Muon is not supported on a GPU; choose AdamW, or ROOTSTOCK_DEVICE=cpu");
        }
        return CudaCalls.Input.of(new double[] {
            learningRate,
            settings.beta1(),
            settings.beta2(),
            settings.epsilon(),
            settings.weightDecay(),
            1 - Math.pow(settings.beta1(), (double) step),
            1 - Math.pow(settings.beta2(), (double) step)
        });
    }

    private void adamw(Tensor settings, Tensor decided) {
        cuda.run(
                "adamw",
                geometry(),
                weights().master(),
                weights().hasComputeCopy() ? weights().compute() : null,
                state().gradient(),
                state().firstMoment(),
                state().secondMoment(),
                elements,
                matrixElements,
                settings,
                decided);
    }

    private Geometry geometry() {
        return Geometry.values(elements, MAX_BLOCKS);
    }

    @Override
    public void close() {
        super.close();
        partial.close();
        squares.close();
        decision.close();
    }
}
