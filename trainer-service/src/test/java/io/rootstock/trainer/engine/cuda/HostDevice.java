package io.rootstock.trainer.engine;

import io.rootstock.collectives.Collectives;
import io.rootstock.torch.DType;
import io.rootstock.torch.Tensor;
import io.rootstock.torch.Workspace;
import java.util.Optional;

/** The GPU's kernels and buffers in main memory, with a processor's attention and no graphs. */
final class HostDevice implements ComputeDevice {
    private final Processor processor = new Processor();
    private final HostCalls calls;
    private CudaKernels kernels;

    /**
     * Over compiled kernels, which stay open.
     *
     * @param calls of the execution's product type
     */
    HostDevice(HostCalls calls) {
        this.calls = calls;
    }

    @Override
    public void enter() {
        processor.enter();
    }

    @Override
    public void leave() {
        processor.leave();
    }

    @Override
    public Parts parts(ModelShape shape, Execution execution, RotaryTable rotary) {
        Parts parts = HostModel.parts(calls, shape, execution.product(), rotary);
        kernels = (CudaKernels) parts.kernels();
        return parts;
    }

    @Override
    public WeightBuffer weights(ParameterLayout layout, DType wide, DType product) {
        return processor.weights(layout, wide, product);
    }

    @Override
    public FlatBuffers buffers(ParameterLayout layout, DType wide, DType product, int replicas) {
        return new CudaFlatBuffers(
                calls,
                layout,
                weights(layout, wide, product),
                Tensor.zeros(wide, layout.elements()),
                Tensor.zeros(wide, layout.elements()));
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
    public void close() {
        kernels.close();
    }
}
