package io.rootstock.trainer.engine.cuda;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.torch.Workspace;
import io.rootstock.trainer.engine.batch.BatchShard;
import io.rootstock.trainer.engine.cuda.CudaCalls.Input;
import io.rootstock.trainer.engine.device.ReplicaThreads;
import io.rootstock.trainer.engine.device.StepRunner;
import io.rootstock.trainer.engine.model.Llama;
import io.rootstock.trainer.engine.model.ModelTensors;
import io.rootstock.trainer.engine.model.Tuning;
import io.rootstock.trainer.engine.optimizer.Optimizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whole training steps as CUDA graphs: one launch replaces hundreds. The first step of a shape runs operation by operation
 * and leaves its memory in the workspace. A second consecutive step of that shape is captured over the same memory. Later
 * steps of the shape launch the graph; all other steps run operation by operation.
 */
final class StepGraph implements StepRunner, AutoCloseable {
    /** Maximum number of graphs; each holds the tensors that libtorch's attention allocated. */
    private static final int MAX_PLANS = 4;

    /**
     * The model and its training, which decide whether a step can be captured.
     *
     * @param shape hyperparameters
     * @param tuning selects the trained parameters
     * @param processes number of processes that train together
     */
    record Setup(ModelShape shape, Tuning tuning, int processes) {}

    private final Setup setup;
    private final CudaQueue queue;
    private final Llama model;
    private final ModelTensors gradients;
    private final CudaFlatBuffers buffers;
    private final CudaCrossEntropy losses;
    private final Workspace workspace;
    private final Map<Shape, CudaPlan> plans = new HashMap<>();
    private Shape last;
    private boolean failed;

    StepGraph(
            Setup setup,
            CudaQueue queue,
            Llama model,
            ModelTensors gradients,
            CudaFlatBuffers buffers,
            CudaCrossEntropy losses,
            Workspace workspace) {
        this.setup = setup;
        this.queue = queue;
        this.model = model;
        this.gradients = gradients;
        this.buffers = buffers;
        this.losses = losses;
        this.workspace = workspace;
    }

    @Override
    public Optional<Outcome> step(ReplicaThreads threads, Work work) {
        if (refusal(setup, work.settings(), work.shards()).isPresent()) {
            return Optional.empty();
        }
        Shape shape = Shape.of(work.shards());
        boolean repeated = shape.equals(last);
        last = shape;
        if (!plans.containsKey(shape)) {
            if (!repeated || failed || plans.size() == MAX_PLANS) {
                return Optional.empty();
            }
            try {
                plans.put(shape, threads.single(() -> capture(work)));
            } catch (RuntimeException e) {
                // The step can still run operation by operation, which also reports errors of the GPU itself.
                failed = true;
                System.getLogger(StepGraph.class.getName())
                        .log(System.Logger.Level.WARNING, "CUDA graph capture failed; steps run without graphs", e);
                return Optional.empty();
            }
        }
        CudaPlan plan = plans.get(shape);
        return Optional.of(threads.single(() -> {
            plan.launch(queue.stream(), inputs(work));
            return outcome(work);
        }));
    }

    /** The reason why a step cannot be captured as a graph; empty if it can. */
    static Optional<String> refusal(Setup setup, Optimizer.Settings settings, List<BatchShard> shards) {
        if (setup.processes() > 1) {
            return Optional.of("gradients are summed over processes");
        }
        if (settings.muon().isPresent()) {
            return Optional.of("Muon is not supported on a GPU");
        }
        if (setup.tuning() instanceof Tuning.LowRank) {
            return Optional.of("matrix products with adapters allocate memory");
        }
        if (setup.shape().family().biases()) {
            return Optional.of("matrix products with biases allocate memory");
        }
        if (shards.stream().anyMatch(shard -> shard.pairs() != null)) {
            return Optional.of("DPO's weights depend on losses that the host reads");
        }
        return Optional.empty();
    }

    private CudaPlan capture(Work work) {
        CudaPlan plan;
        workspace.enter();
        workspace.seal(true);
        try {
            plan = queue.capture(inputs(work), () -> {
                buffers.clearGradient();
                losses.clear();
                for (BatchShard shard : work.shards()) {
                    model.lossAndGradient(shard, work.scale(), gradients);
                }
                buffers.measure();
                buffers.updateIfFinite(losses.total(), bounds(work), adamw(work));
            });
        } finally {
            workspace.seal(false);
            workspace.leave();
        }
        workspace.keep(); // the graph refers to the memory of the last step
        return plan;
    }

    /** All inputs of the step, in the order in which {@link #capture} uploads them. */
    private List<Input> inputs(Work work) {
        List<Input> inputs = new ArrayList<>();
        for (BatchShard shard : work.shards()) {
            inputs.addAll(inputs(shard, model, work.scale(), gradients.hasEmbedding()));
        }
        inputs.add(bounds(work));
        inputs.add(adamw(work));
        return inputs;
    }

    /**
     * Inputs of the loss and gradient of one shard, in the order of the model; a captured graph receives them without running
     * the model.
     *
     * @param scale factor of the gradient
     * @param embeddingTrained whether the gradient of the embedding is computed
     */
    static List<Input> inputs(BatchShard shard, Llama model, double scale, boolean embeddingTrained) {
        List<Input> inputs = new ArrayList<>();
        boolean all = shard.positions().length == shard.tokenCount();
        int[] gathered = all ? shard.positions() : shard.roundedPositions();
        inputs.add(Input.of(shard.tokens()));
        if (!all) {
            inputs.add(Input.of(gathered));
        }
        for (int[] chunk : model.logitChunks(gathered.length)) {
            int[] targets = Arrays.copyOfRange(shard.targets(), chunk[0], chunk[1]);
            inputs.addAll(CudaCrossEntropy.inputs(targets, shard.weights().rows(chunk[0], chunk[1]), scale));
        }
        if (!all) {
            inputs.add(Input.of(shard.positions()));
        }
        if (embeddingTrained) {
            inputs.add(Input.of(shard.tokens()));
            inputs.add(Input.of(CudaKernels.byToken(shard.tokens())));
        }
        return inputs;
    }

    private static Input bounds(Work work) {
        return CudaFlatBuffers.bounds(work.settings(), work.lossCeiling(), work.scale());
    }

    private static Input adamw(Work work) {
        return CudaFlatBuffers.adamwSettings(work.optimizerStep(), work.learningRate(), work.settings());
    }

    private Outcome outcome(Work work) {
        double meanLoss = losses.total().toDoubles()[0] * work.scale();
        losses.clear(); // steps without a graph add to the total
        return new Outcome(meanLoss, Math.sqrt(buffers.squares()), buffers.updated());
    }

    @Override
    public void close() {
        plans.values().forEach(CudaPlan::close);
    }

    /**
     * The sizes of a step's shards. Steps of equal shape make the same calls with tensors of the same sizes.
     *
     * @param shards sizes of the shards, in order
     */
    record Shape(List<ShardShape> shards) {
        /** Sizes of one shard: rows, tokens per row, positions with a loss, and smoothing weights. */
        record ShardShape(int rows, int length, int positions, int smoothingWeights) {}

        static Shape of(List<BatchShard> shards) {
            return new Shape(shards.stream()
                    .map(shard -> new ShardShape(
                            shard.rows(),
                            shard.tokenCount() / shard.rows(),
                            shard.positions().length,
                            shard.weights().smoothingWeights().length))
                    .toList());
        }
    }
}
