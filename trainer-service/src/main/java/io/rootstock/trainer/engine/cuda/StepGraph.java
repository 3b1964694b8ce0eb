package io.rootstock.trainer.engine;

import io.rootstock.torch.Workspace;
import io.rootstock.trainer.engine.CudaCalls.Input;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Whole steps, from the tokens to the updated weights, as CUDA graphs: one launch in place of some hundred. The first step
 * of a shape is done call by call and leaves the memory that it took in the workspace; the second of the same shape in a
 * row is taken down over that very memory; from then on such steps are launched. Other steps are done call by call.
 */
final class StepGraph implements AutoCloseable {
    /** Each graph keeps what libtorch's attention made. */
    private static final int MOST_PLANS = 4;

    /**
     * A step's work.
     *
     * @param parts of its batches
     * @param scale of the gradient and of the sum of losses that makes its mean: one over the weight of all targets
     * @param lossTokens targets
     * @param optimizerStep the update's number, from 1
     * @param lossCeiling largest mean loss that is taken for part of the curve
     */
    record Work(
            List<Part> parts,
            double scale,
            long lossTokens,
            long optimizerStep,
            double rate,
            OptimizerSettings settings,
            double lossCeiling) {}

    /** What a step gave, and whether it has updated. */
    record Done(StepResult result, boolean updated) {}

    private final CudaQueue queue;
    private final Llama model;
    private final ModelTensors gradients;
    private final CudaFlatBuffers buffers;
    private final CudaCrossEntropy losses;
    private final Workspace workspace;
    private final Map<StepShape, CudaPlan> plans = new HashMap<>();
    private StepShape last;
    private boolean failed;

    StepGraph(
            CudaQueue queue,
            Llama model,
            ModelTensors gradients,
            CudaFlatBuffers buffers,
            CudaCrossEntropy losses,
            Workspace workspace) {
        this.queue = queue;
        this.model = model;
        this.gradients = gradients;
        this.buffers = buffers;
        this.losses = losses;
        this.workspace = workspace;
    }

    /** Does a step by its graph; empty where there is none yet, and the step is to be done call by call. */
    Optional<Done> step(ReplicaThreads threads, Work work) {
        StepShape shape = StepShape.of(work.parts());
        boolean again = shape.equals(last);
        last = shape;
        if (!plans.containsKey(shape)) {
            if (!again || failed || plans.size() == MOST_PLANS) {
                return Optional.empty();
            }
            try {
                plans.put(shape, onReplica(threads, () -> takeDown(work)));
            } catch (RuntimeException e) {
                // The step can still be done call by call; what is wrong with the GPU itself shows there.
                failed = true;
                System.getLogger(StepGraph.class.getName())
                        .log(System.Logger.Level.WARNING, "steps are done call by call, no graph could be made", e);
                return Optional.empty();
            }
        }
        CudaPlan plan = plans.get(shape);
        return Optional.of(onReplica(threads, () -> {
            plan.launch(queue.stream(), inputs(work));
            return done(work);
        }));
    }

    private CudaPlan takeDown(Work work) {
        CudaPlan plan;
        workspace.enter();
        workspace.seal(true);
        try {
            plan = queue.takeDown(inputs(work), () -> {
                buffers.clearGradient();
                losses.clear();
                for (Part part : work.parts()) {
                    model.lossAndGradient(part, work.scale(), gradients);
                }
                buffers.measure();
                buffers.updateIfGood(losses.total(), bounds(work), adamw(work));
            });
        } finally {
            workspace.seal(false);
            workspace.leave();
        }
        workspace.keep(); // until here it had the memory of the last step alone
        return plan;
    }

    /** Every input of the step, in the order of {@link #takeDown}. */
    private List<Input> inputs(Work work) {
        List<Input> inputs = new ArrayList<>();
        for (Part part : work.parts()) {
            inputs.addAll(StepInputs.of(part, model, work.scale(), gradients.embedding() != null));
        }
        inputs.add(bounds(work));
        inputs.add(adamw(work));
        return inputs;
    }

    private static Input bounds(Work work) {
        return CudaFlatBuffers.bounds(work.settings(), work.lossCeiling(), work.scale());
    }

    private static Input adamw(Work work) {
        return CudaFlatBuffers.adamwSettings(work.optimizerStep(), work.rate(), work.settings());
    }

    private Done done(Work work) {
        double mean = losses.total().toDoubles()[0] * work.scale();
        losses.clear(); // steps that are done call by call add to it
        StepResult result = new StepResult(mean * work.lossTokens(), work.lossTokens(), Math.sqrt(buffers.squares()));
        return new Done(result, buffers.updated());
    }

    private static <T> T onReplica(ReplicaThreads threads, Callable<T> task) {
        return threads.all(List.of(task)).getFirst();
    }

    @Override
    public void close() {
        plans.values().forEach(CudaPlan::close);
    }
}
