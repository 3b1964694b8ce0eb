package io.rootstock.trainer.engine;

import io.rootstock.collectives.Collectives;
import io.rootstock.torch.DType;
import io.rootstock.torch.Torch;
import io.rootstock.torch.Workspace;
import java.util.Optional;

/** Main memory and the cores beside it. A replica is one core's work: libtorch may start no thread of its own. */
final class Processor implements ComputeDevice {
    @Override
    public void enter() {
        Torch.setThreads(1);
        Torch.setGradMode(false);
    }

    @Override
    public void leave() {}

    @Override
    public Parts parts(ModelShape shape, Execution execution, RotaryTable rotary) {
        DType wide = execution.wide();
        DType product = execution.product();
        if (execution.vectorKernels()) {
            return new Parts(new VectorKernels(shape, product), new ScoreAttention(shape, product, rotary));
        }
        Kernels kernels = new AtenKernels(shape, wide, product);
        return new Parts(kernels, new FlashAttention(shape, kernels, new AtenRotation(shape, wide, product, rotary)));
    }

    @Override
    public WeightBuffer weights(ParameterLayout layout, DType wide, DType product) {
        return new WeightBuffer(layout, wide, product);
    }

    @Override
    public FlatBuffers buffers(ParameterLayout layout, DType wide, DType product, int replicas) {
        return new FlatBuffers(layout, wide, product, replicas);
    }

    @Override
    public Collectives sums(Collectives processes) {
        return processes;
    }

    @Override
    public Optional<StepGraph> stepGraph(
            Parts parts, Llama model, ModelTensors gradients, FlatBuffers buffers, Workspace workspace) {
        return Optional.empty();
    }

    @Override
    public void close() {}
}
