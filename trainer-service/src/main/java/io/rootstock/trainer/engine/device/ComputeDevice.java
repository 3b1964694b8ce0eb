package io.rootstock.trainer.engine;

import io.rootstock.collectives.Collectives;
import io.rootstock.torch.DType;
import io.rootstock.torch.Workspace;
import java.util.Optional;

/** Where replicas compute: what they compute with there, and what each of their tasks begins and ends with. */
interface ComputeDevice extends AutoCloseable {
    /** What the model computes with. */
    record Parts(Kernels kernels, Attention attention) {}

    /** Called by a replica's thread before each of its tasks. */
    void enter();

    /** Called by it after the task; returns when all that the task began is done. */
    void leave();

    /** Kernels and attention for a model. */
    Parts parts(ModelShape shape, Execution execution, RotaryTable rotary);

    /** Weights of a layout, all zero. */
    WeightBuffer weights(ParameterLayout layout, DType wide, DType product);

    /** What is trained, and all that goes with it, all zero. */
    FlatBuffers buffers(ParameterLayout layout, DType wide, DType product, int replicas);

    /** What sums gradients, which lie here, over these processes. */
    Collectives sums(Collectives processes);

    /** Whole steps at once, where the device can. */
    Optional<StepGraph> stepGraph(
            Parts parts, Llama model, ModelTensors gradients, FlatBuffers buffers, Workspace workspace);

    @Override
    void close();

    /** That of an execution. */
    static ComputeDevice of(Execution execution) {
        return switch (execution.device().type()) {
            case CPU -> new Processor();
            case CUDA -> CudaDevice.open(execution.device(), execution.product());
        };
    }
}
