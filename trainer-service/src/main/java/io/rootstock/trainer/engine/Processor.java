package io.rootstock.trainer.engine;

import io.rootstock.collectives.Collectives;
import io.rootstock.torch.DType;
import io.rootstock.torch.Torch;
import io.rootstock.torch.Workspace;
import java.util.Optional;

/** Main memory and the cores beside it. A replica is one core's work: libtorch may start no thread of its own. */
final class Processor implements ComputeDevice {
    /** Longer rows' attention scores would not fit the cache, and would fill the memory with their square. */
    private static final int LONGEST_WITH_SCORES = 512;

    @Override
    public void enter() {
        Torch.setThreads(1);
        Torch.setGradMode(false);
    }

    @Override
    public void leave() {}

    @Override
    public Parts parts(ModelShape shape, Execution execution, RotaryTable rotary) {
        DType product = execution.product();
        Kernels kernels = execution.vectorKernels()
                ? new VectorKernels(shape, product, rotary)
                : new AtenKernels(shape, execution.wide(), product, rotary);
        boolean scores = product == DType.BFLOAT16 && shape.contextLength() <= LONGEST_WITH_SCORES;
        Attention attention = scores && execution.vectorKernels()
                ? new ScoreAttention(shape, product, rotary)
                : new FlashAttention(shape, kernels);
        return new Parts(kernels, attention);
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
