package io.rootstock.trainer.engine;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.torch.DType;
import io.rootstock.trainer.engine.device.ComputeDevice;
import io.rootstock.trainer.engine.device.DeviceKernels;
import io.rootstock.trainer.engine.device.FlatBuffers;
import io.rootstock.trainer.engine.model.ParameterLayout;
import io.rootstock.trainer.engine.model.RotaryTable;
import io.rootstock.trainer.engine.model.Tuning;
import io.rootstock.trainer.engine.model.WeightBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory that lives as long as an engine.
 *
 * @param buffers trained weights, gradients and optimizer state
 * @param weights all weights: those of {@code buffers}, then the frozen ones
 * @param rotary sines and cosines of RoPE
 * @param kernels kernels of the device
 */
record EngineMemory(FlatBuffers buffers, List<WeightBuffer> weights, RotaryTable rotary, DeviceKernels kernels) {
    static EngineMemory allocate(
            ComputeDevice device, ModelShape shape, Tuning tuning, Execution execution, boolean quantized) {
        DType masterType = execution.masterType();
        DType computeType = execution.computeType();
        ParameterLayout trained = ParameterLayout.trained(shape, tuning);
        ParameterLayout frozen =
                quantized ? ParameterLayout.frozenVectors(shape, tuning) : ParameterLayout.frozen(shape, tuning);
        FlatBuffers buffers = device.buffers(trained, masterType, computeType, execution.threads());
        List<WeightBuffer> weights = new ArrayList<>(List.of(buffers.weights()));
        if (frozen.elements() > 0) {
            weights.add(device.weights(frozen, masterType, computeType));
        }
        RotaryTable rotary = RotaryTable.of(shape, masterType);
        DeviceKernels kernels = device.kernels(shape, masterType, computeType, rotary);
        return new EngineMemory(buffers, List.copyOf(weights), rotary, kernels);
    }
}
