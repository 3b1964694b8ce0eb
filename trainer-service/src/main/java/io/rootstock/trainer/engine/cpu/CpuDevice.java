package io.rootstock.trainer.engine.cpu;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.collectives.Collectives;
import io.rootstock.torch.DType;
import io.rootstock.torch.Torch;
import io.rootstock.torch.Workspace;
import io.rootstock.trainer.engine.aten.AtenKernels;
import io.rootstock.trainer.engine.aten.AtenRotation;
import io.rootstock.trainer.engine.aten.FlashAttention;
import io.rootstock.trainer.engine.device.ComputeDevice;
import io.rootstock.trainer.engine.device.FlatBuffers;
import io.rootstock.trainer.engine.device.StepRunner;
import io.rootstock.trainer.engine.model.Kernels;
import io.rootstock.trainer.engine.model.Llama;
import io.rootstock.trainer.engine.model.ModelTensors;
import io.rootstock.trainer.engine.model.ParameterLayout;
import io.rootstock.trainer.engine.model.RotaryTable;
import io.rootstock.trainer.engine.model.Tuning;
import io.rootstock.trainer.engine.model.WeightBuffer;
import java.util.Optional;

/**
 * The CPU. Each replica uses one core; libtorch starts no threads of its own.
 *
 * @param vectorKernels whether to use the Vector API's kernels instead of libtorch's operators; not for float64
 */
public record CpuDevice(boolean vectorKernels) implements ComputeDevice {
    @Override
    public void enter() {
        Torch.setThreads(1);
        Torch.setGradMode(false);
    }

    @Override
    public void leave() {}

    @Override
    public ComputeDevice.DeviceKernels kernels(
            ModelShape shape, DType masterType, DType computeType, RotaryTable rotary) {
        if (vectorKernels) {
            return new ComputeDevice.DeviceKernels(
                    new VectorKernels(shape, computeType), new ScoreAttention(shape, computeType, rotary));
        }
        Kernels kernels = new AtenKernels(shape, masterType, computeType);
        AtenRotation rotation = new AtenRotation(shape, masterType, computeType, rotary);
        return new ComputeDevice.DeviceKernels(kernels, new FlashAttention(shape, kernels, rotation));
    }

    @Override
    public WeightBuffer weights(ParameterLayout layout, DType masterType, DType computeType) {
        return new WeightBuffer(layout, masterType, computeType);
    }

    @Override
    public FlatBuffers buffers(ParameterLayout layout, DType masterType, DType computeType, int replicas) {
        return new CpuFlatBuffers(layout, masterType, computeType, replicas);
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
    public void close() {}
}
