package io.rootstock.trainer.engine;

import io.rootstock.cuda.Geometry;
import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import java.util.List;
import java.util.concurrent.Callable;

/** The same on a GPU, with one replica. What is measured there and what follows from it can stay there. */
final class CudaFlatBuffers extends FlatBuffers {
    private static final int MOST_BLOCKS = 1024;
    private static final int THREADS = 256;

    private final CudaCalls cuda;
    private final long elements;
    private final long matrixElements;
    private final boolean copied;
    private final Tensor partial;
    private final Tensor squares;
    private final Tensor decision;

    CudaFlatBuffers(
            CudaCalls cuda, ParameterLayout layout, WeightBuffer weights, Tensor firstMoment, Tensor secondMoment) {
        super(layout, weights, firstMoment, secondMoment, List.of(Tensor.zeros(DType.FLOAT32, layout.elements())));
        this.cuda = cuda;
        this.elements = layout.elements();
        this.matrixElements = layout.matrixElements();
        this.copied = weights.products != weights.master;
        this.partial = Tensor.zeros(DType.FLOAT64, MOST_BLOCKS);
        this.squares = Tensor.zeros(DType.FLOAT64, 1);
        this.decision = Tensor.zeros(DType.FLOAT64, 2);
        decide(squares, partial); // once with zeros: every kernel has run before a step is taken down
    }

    @Override
    void clearGradients(ReplicaThreads threads) {
        in(threads, () -> {
            clearGradient();
            return null;
        });
    }

    @Override
    double sumReplicas(ReplicaThreads threads, int replicas) {
        return in(threads, () -> {
            measure();
            return squares.toDoubles()[0];
        });
    }

    @Override
    void update(ReplicaThreads threads, long step, double rate, OptimizerSettings settings, double divisor) {
        in(threads, () -> {
            try (Scope _ = Scope.open()) {
                Tensor decided = cuda.upload(CudaCalls.Input.of(new double[] {1, divisor}));
                adamw(cuda.upload(adamwSettings(step, rate, settings)), decided);
            }
            return null;
        });
    }

    /** Sets the gradient to 0. */
    void clearGradient() {
        Tensor gradient = gradients.getFirst();
        cuda.run("clear", values(), gradient, elements);
    }

    /** Measures the gradient; its squares' sum stays on the GPU. */
    void measure() {
        Geometry geometry = values();
        cuda.run("squares", geometry, gradients.getFirst(), partial, elements);
        cuda.run("sum_partials", Geometry.rows(1, THREADS, THREADS), partial, geometry.gridX(), squares);
    }

    /**
     * One update, unless loss or gradient are not finite or the loss is too large, as {@link Engine#step} has it.
     *
     * @param loss its sum on the GPU, float64
     * @param bounds of {@link #bounds}
     */
    void updateIfGood(Tensor loss, CudaCalls.Input bounds, CudaCalls.Input adamwSettings) {
        try (Scope _ = Scope.open()) {
            decide(loss, cuda.upload(bounds));
            adamw(cuda.upload(adamwSettings), decision);
        }
    }

    private void decide(Tensor loss, Tensor bounds) {
        cuda.run("decide", new Geometry(1, 1, Geometry.WARP), squares, loss, bounds, decision);
    }

    /** The sum of the gradient's squares, after {@link #measure}; waits for it. */
    double squares() {
        return squares.toDoubles()[0];
    }

    /** Whether updateIfGood has updated; waits for it. */
    boolean updated() {
        return decision.toDoubles()[0] == 1;
    }

    /**
     * What the decision to update hangs on.
     *
     * @param lossCeiling largest mean loss that is taken for part of the curve
     * @param lossFactor makes that mean of the losses' sum
     */
    static CudaCalls.Input bounds(OptimizerSettings settings, double lossCeiling, double lossFactor) {
        return CudaCalls.Input.of(new double[] {settings.gradientClip(), lossCeiling, lossFactor});
    }

    /** What AdamW needs to know of the step, which is the first, second and so on. */
    static CudaCalls.Input adamwSettings(long step, double rate, OptimizerSettings settings) {
        if (settings.muon().isPresent()) {
            throw new IllegalArgumentException(
                    "optimizer: Muon is not there on a GPU yet; choose AdamW, or ROOTSTOCK_DEVICE=cpu");
        }
        return CudaCalls.Input.of(new double[] {
            rate,
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
                values(),
                weights.master,
                copied ? weights.products : null,
                gradients.getFirst(),
                firstMoment,
                secondMoment,
                elements,
                matrixElements,
                settings,
                decided);
    }

    private Geometry values() {
        return Geometry.values(elements, MOST_BLOCKS);
    }

    private static <T> T in(ReplicaThreads threads, Callable<T> task) {
        return threads.all(List.of(task)).getFirst();
    }

    @Override
    public void close() {
        super.close();
        partial.close();
        squares.close();
        decision.close();
    }
}
