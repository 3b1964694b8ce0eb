package io.rootstock.trainer.engine.device;

import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.model.WeightBuffer;
import io.rootstock.trainer.engine.optimizer.Optimizer;
import java.util.List;

/**
 * Trained weights, gradients (one flat tensor per replica) and optimizer moments in a device's memory, with the operations
 * on them as a whole. All sums have a fixed order, so that results do not depend on timing.
 */
public abstract class FlatBuffers implements AutoCloseable {
    private final Optimizer.State state;
    private final List<Tensor> gradients;

    /** Takes buffers that are all zero and closes them with this object. */
    protected FlatBuffers(WeightBuffer weights, Tensor firstMoment, Tensor secondMoment, List<Tensor> gradients) {
        this.state = new Optimizer.State(weights, gradients.getFirst(), firstMoment, secondMoment);
        this.gradients = List.copyOf(gradients);
    }

    /** Weights, first replica's gradient and moments. */
    public final Optimizer.State state() {
        return state;
    }

    /** The trained weights. */
    public final WeightBuffer weights() {
        return state.weights();
    }

    /** Gradients of the replicas, flat, master type. */
    public final List<Tensor> gradients() {
        return gradients;
    }

    /** Sets all gradients to 0. */
    public abstract void clearGradients(ReplicaThreads threads);

    /**
     * Adds the gradients of the first replicas into the gradient of replica 0.
     *
     * @param replicas number of replicas to add
     * @return sum of the squares of the result
     */
    public abstract double sumReplicas(ReplicaThreads threads, int replicas);

    /** Adds the gradients of all replicas from (inclusive) to (exclusive) into the first, on the calling thread. */
    public abstract void sumReplicas(long from, long to);

    /** Updates the weights by the first replica's gradient, and their compute copy. */
    public abstract void update(ReplicaThreads threads, Optimizer.Step step);

    @Override
    public void close() {
        state.weights().close();
        state.firstMoment().close();
        state.secondMoment().close();
        gradients.forEach(Tensor::close);
    }
}
