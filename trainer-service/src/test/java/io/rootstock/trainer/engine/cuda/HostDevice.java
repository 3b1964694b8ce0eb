package io.rootstock.trainer.engine.cuda;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.collectives.Collectives;
import io.rootstock.torch.DType;
import io.rootstock.torch.Tensor;
import io.rootstock.torch.Workspace;
import io.rootstock.trainer.engine.cpu.CpuDevice;
import io.rootstock.trainer.engine.device.ComputeDevice;
import io.rootstock.trainer.engine.device.FlatBuffers;
import io.rootstock.trainer.engine.device.StepRunner;
import io.rootstock.trainer.engine.model.Llama;
import io.rootstock.trainer.engine.model.ModelTensors;
import io.rootstock.trainer.engine.model.ParameterLayout;
import io.rootstock.trainer.engine.model.RotaryTable;
import io.rootstock.trainer.engine.model.Tuning;
import io.rootstock.trainer.engine.model.WeightBuffer;
import java.util.Optional;

/** The GPU's kernels and buffers in main memory, with libtorch's attention for the CPU and without graphs. */
public final class HostDevice implements ComputeDevice {
    private final CpuDevice cpu = new CpuDevice(false);
    private final HostCalls calls;
    private CudaKernels kernels;

    /**
     * Uses compiled kernels, which stay open.
     *
     * @param calls kernels of the execution's compute type
     */
    public HostDevice(HostCalls calls) {
        this.calls = calls;
    }

    @Override
    public void enter() {
        cpu.enter();
    }

    @Override
    public void leave() {
        cpu.leave();
    }

    @Override
    public ComputeDevice.DeviceKernels kernels(
            ModelShape shape, DType masterType, DType computeType, RotaryTable rotary) {
        ComputeDevice.DeviceKernels created = HostModel.kernels(calls, shape, computeType, rotary);
        kernels = (CudaKernels) created.kernels();
        return created;
    }

    @Override
    public WeightBuffer weights(ParameterLayout layout, DType masterType, DType computeType) {
        return cpu.weights(layout, masterType, computeType);
    }

    @Override
    public FlatBuffers buffers(ParameterLayout layout, DType masterType, DType computeType, int replicas) {
        return new CudaFlatBuffers(
                calls,
                weights(layout, masterType, computeType),
                Tensor.zeros(masterType, layout.elements()),
                Tensor.zeros(masterType, layout.elements()));
    }

    @Override
    public Collectives gradientCollectives(Collectives processes) {
        return processes;
    }

    @Override
    public Optional<StepRunner> stepRunner(
            ModelShape shape, Tuning tuning, int processes, Llama model, ModelTensors gradients, Workspace workspace) {
        return Optional.empty();
    }

    @Override
    public void close() {
        kernels.close();
    }
}
